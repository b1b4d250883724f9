import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { GripVertical, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { cx } from "@/lib/cx";
import { AssetImage } from "@/features/media/components/asset_image";
import { useComposer } from "../context";
import type { DraftMedia } from "../model/draft";

export type MediaItemProps = {
  item: DraftMedia;
  position: number;
  total: number;
  altId: string;
  // Longest alternative text that every network shown takes; null = no limit.
  maxAlt: number | null;
  onAlt: (alt: string) => void;
  onRemove: () => void;
};

export function MediaItem({ item, position, total, altId, maxAlt, onAlt, onRemove }: MediaItemProps) {
  const { t } = useTranslation("composer");
  const { editable } = useComposer();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: item.asset_id, disabled: !editable });
  const name = t("media.picture", { number: position + 1, total });
  return (
    <li ref={setNodeRef} style={{ transform: CSS.Transform.toString(transform), transition }} className={cx("grid content-start gap-1.5 rounded-lg bg-raised p-2", isDragging && "z-10 opacity-80 shadow-raised")}>
      <div className="relative">
        <AssetImage media={item} className="aspect-4/3 w-full rounded-md object-cover" />
        {editable && (
          <div className="absolute inset-x-1 top-1 flex justify-between">
            <button
              ref={setActivatorNodeRef}
              type="button"
              {...attributes}
              {...listeners}
              aria-label={t("media.move", { name })}
              className="flex size-8 cursor-grab touch-none items-center justify-center rounded-md bg-black/65 text-white"
            >
              <GripVertical aria-hidden className="size-4" />
            </button>
            <button type="button" aria-label={t("media.remove", { name })} onClick={onRemove} className="flex size-8 items-center justify-center rounded-md bg-black/65 text-white">
              <X aria-hidden className="size-4" />
            </button>
          </div>
        )}
      </div>
      <Field label={t("media.alt", { name })} hideLabel>
        <Textarea
          id={altId}
          rows={2}
          value={item.alt}
          disabled={!editable}
          placeholder={t("media.altPlaceholder")}
          maxLength={maxAlt ?? undefined}
          onChange={(event) => onAlt(event.target.value)}
          className="min-h-0! resize-none px-2! text-sm"
        />
      </Field>
    </li>
  );
}
