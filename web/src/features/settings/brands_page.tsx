import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Layers, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { Skeleton } from "@/components/ui/skeleton";
import { useDeleteBrand } from "@/features/settings/api/mutations";
import { BrandDialog } from "@/features/settings/components/brand_dialog";
import { brandsQuery } from "@/lib/api/queries";
import type { Brand } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";
import { useCan, useCanIn, useWorkspace } from "@/lib/workspace/context";

export default function BrandsPage() {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const brands = useQuery(brandsQuery(workspace.id));
  const mayCreate = useCan("brands.create");
  const [editing, setEditing] = useState<Brand | "new" | null>(null);
  const [deleting, setDeleting] = useState<Brand | null>(null);
  const add = mayCreate && (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setEditing("new")}>
      {t("brands.add")}
    </Button>
  );
  return (
    <>
      {brands.isPending ? (
        <Skeleton className="h-14" />
      ) : brands.isError ? (
        <ErrorState error={brands.error} onRetry={() => void brands.refetch()} />
      ) : brands.data.length === 0 ? (
        <EmptyState icon={<Layers />} title={t("brands.emptyTitle")} action={add}>
          {t("brands.empty")}
        </EmptyState>
      ) : (
        <Card title={t("brands.title")} action={add}>
          <ul className="divide-y divide-hairline">
            {brands.data.map((brand) => (
              <Row key={brand.id} brand={brand} onEdit={() => setEditing(brand)} onDelete={() => setDeleting(brand)} />
            ))}
          </ul>
        </Card>
      )}
      {editing !== null && <BrandDialog brand={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      {deleting !== null && <DeleteBrand brand={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

function Row({ brand, onEdit, onDelete }: { brand: Brand; onEdit: () => void; onDelete: () => void }) {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const canIn = useCanIn();
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <Avatar name={brand.name} />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{brand.name}</span>
          {brand.approval_policy !== "none" && <Badge>{t("brands.approval")}</Badge>}
        </p>
        <p className="text-sm text-muted">{brand.time_zone ?? t("brands.inherits", { zone: workspace.time_zone })}</p>
      </div>
      {canIn("brands.edit", brand.id) && (
        <Button size="sm" aria-label={t("brands.editOf", { name: brand.name })} onClick={onEdit}>
          {t("common:action.edit")}
        </Button>
      )}
      {canIn("brands.delete", brand.id) && (
        <Button size="sm" variant="ghost" aria-label={t("brands.deleteOf", { name: brand.name })} onClick={onDelete}>
          {t("common:action.delete")}
        </Button>
      )}
    </li>
  );
}

function DeleteBrand({ brand, onClose }: { brand: Brand; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const remove = useDeleteBrand(workspace.id);
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t("brands.deleteTitle", { name: brand.name })}
      description={t("brands.deleteAbout")}
      confirmLabel={t("brands.deleteConfirm")}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(brand.id, {
          onSuccess: () => {
            showToast({ text: t("brands.deleted", { name: brand.name }) });
            onClose();
          },
          onError: toastError,
        })
      }
    />
  );
}
