import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { ImageOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { useWorkspace } from "@/lib/workspace/context";
import { assetQuery } from "../api/queries";

export type ShownMedia = { asset_id: string; alt: string | null; thumbnail_url: string | null; url: string | null };

// A stored picture. Its addresses are signed and end some day; then the asset is asked for new ones, once.
export function AssetImage({ media, original = false, className }: { media: ShownMedia; original?: boolean; className?: string }) {
  const { t } = useTranslation("media");
  const { id: ws } = useWorkspace();
  const [broken, setBroken] = useState<string[]>([]);
  const given = original ? (media.url ?? media.thumbnail_url) : (media.thumbnail_url ?? media.url);
  const needsAsset = given === null || broken.includes(given);
  const asset = useQuery({ ...assetQuery(ws, media.asset_id), enabled: needsAsset, refetchInterval: (query) => (query.state.data?.state === "processing" ? 1500 : false) });
  const fetched = original ? asset.data?.url : (asset.data?.thumbnail_url ?? asset.data?.url);
  const source = needsAsset ? fetched : given;
  if (source == null || broken.includes(source)) {
    const isWaiting = needsAsset && (asset.isPending || asset.data?.state === "processing");
    return (
      <span className={cx("flex items-center justify-center bg-page text-muted", isWaiting && "pulse-soft", className)} role="img" aria-label={isWaiting ? t("image.processing") : t("image.missing")}>
        {!isWaiting && <ImageOff aria-hidden className="size-5" />}
      </span>
    );
  }
  return <img src={source} alt={media.alt ?? ""} loading="lazy" draggable={false} onError={() => setBroken((known) => [...known, source])} className={className} />;
}
