import { useDeferredValue, useState } from "react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Check, ImagePlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import type { Asset } from "@/lib/api/types";
import { cx } from "@/lib/cx";
import { useWorkspace } from "@/lib/workspace/context";
import { mediaPagesQuery } from "../api/queries";
import { AssetImage } from "./asset_image";

export type LibraryDialogProps = {
  brandId: string;
  // Already in use where the pictures go.
  taken: readonly string[];
  onPick: (assets: Asset[]) => void;
  onClose: () => void;
};

// Pictures that were uploaded before, to use again.
export function LibraryDialog({ brandId, taken, onPick, onClose }: LibraryDialogProps) {
  const { t } = useTranslation("media");
  const { id: ws } = useWorkspace();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery({ ...mediaPagesQuery(ws, { brand_id: brandId, ...(q !== "" && { q }) }), placeholderData: keepPreviousData });
  const [picked, setPicked] = useState<Asset[]>([]);
  const assets = (query.data?.pages ?? []).flatMap((page) => page.data).filter((asset) => asset.state !== "failed" && !taken.includes(asset.id));
  const toggle = (asset: Asset): void => setPicked((current) => (current.some((other) => other.id === asset.id) ? current.filter((other) => other.id !== asset.id) : [...current, asset]));

  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("library.title")}
      description={t("library.text")}
      footer={
        <Button
          variant="primary"
          disabled={picked.length === 0}
          onClick={() => {
            onPick(picked);
            onClose();
          }}
        >
          {t("library.use", { count: picked.length })}
        </Button>
      }
    >
      <Input type="search" aria-label={t("library.search")} placeholder={t("library.search")} value={text} onChange={(event) => setText(event.target.value)} />
      {query.isPending && <Skeleton count={2} className="h-28" />}
      {query.isError && query.data === undefined && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && assets.length === 0 && (
        <EmptyState icon={<ImagePlus />} title={q === "" ? t("library.empty") : t("library.nothing")}>
          {q === "" ? t("library.emptyText") : undefined}
        </EmptyState>
      )}
      {assets.length > 0 && (
        <ul className="grid grid-cols-3 gap-2 sm:grid-cols-5">
          {assets.map((asset, index) => {
            const isPicked = picked.some((other) => other.id === asset.id);
            return (
              <li key={asset.id}>
                <button
                  type="button"
                  aria-pressed={isPicked}
                  aria-label={asset.alt || asset.filename || t("library.picture", { number: index + 1 })}
                  onClick={() => toggle(asset)}
                  className={cx("relative block w-full overflow-hidden rounded-lg outline-offset-2", isPicked && "outline-2 outline-accent-text")}
                >
                  <AssetImage media={{ asset_id: asset.id, alt: "", thumbnail_url: asset.thumbnail_url, url: asset.url }} className="aspect-square w-full object-cover" />
                  {isPicked && (
                    <span aria-hidden className="absolute top-1 right-1 flex size-6 items-center justify-center rounded-full bg-accent-solid text-on-accent">
                      <Check className="size-4" />
                    </span>
                  )}
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} className="justify-self-center">
          {t("library.more")}
        </Button>
      )}
    </Dialog>
  );
}
