import { useRef, useState } from "react";
import { type Announcements, closestCenter, DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, type UniqueIdentifier, useSensor, useSensors } from "@dnd-kit/core";
import { rectSortingStrategy, SortableContext, sortableKeyboardCoordinates } from "@dnd-kit/sortable";
import { ImagePlus, Images } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { LibraryDialog } from "@/features/media/components/library_dialog";
import { useCan } from "@/lib/workspace/context";
import { useComposer } from "../context";
import type { DraftMedia } from "../model/draft";
import { mediaAt, moved, type PartKey, withAsset, withMediaAt } from "../model/media";
import { controlId } from "../model/issues";
import { MediaItem } from "./media_item";
import { UploadItem } from "./upload_item";

const dragStartsAfterPx = 6;

// The pictures of one post: added by picking, dropping, pasting or from the library; put in order by pointer or keyboard.
export function MediaTray({ part, index }: { part: PartKey; index: number }) {
  const { t } = useTranslation("composer");
  const { content, change, draft, scope, shown, uploads, editable } = useComposer();
  const mayUpload = useCan("media.upload", draft.brand_id);
  const picker = useRef<HTMLInputElement>(null);
  const [libraryOpen, setLibraryOpen] = useState(false);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: dragStartsAfterPx } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const media = mediaAt(content, part);
  const running = uploads.list.filter((upload) => upload.part === part && upload.scope === scope);
  const set = (update: (media: DraftMedia[]) => DraftMedia[]): void => change((current) => withMediaAt(current, scope, part, update));
  const maxAlt = Math.min(...shown.map((destination) => destination.rules.maxAlt ?? Infinity));

  const nameOf = (id: UniqueIdentifier): string => t("media.picture", { number: placeOf(id), total: media.length });
  const placeOf = (id: UniqueIdentifier): number => media.findIndex((item) => item.asset_id === id) + 1;
  const announcements: Announcements = {
    onDragStart: ({ active }) => t("media.picked", { name: nameOf(active.id) }),
    onDragOver: ({ active, over }) => (over === null ? undefined : t("media.over", { name: nameOf(active.id), place: placeOf(over.id), total: media.length })),
    onDragEnd: ({ active, over }) => t("media.dropped", { name: nameOf(active.id), place: placeOf((over ?? active).id), total: media.length }),
    onDragCancel: ({ active }) => t("media.cancelled", { name: nameOf(active.id) }),
  };
  const onDragEnd = ({ active, over }: DragEndEvent): void => {
    if (over === null || active.id === over.id) return;
    set((items) => moved(items, items.findIndex((item) => item.asset_id === active.id), items.findIndex((item) => item.asset_id === over.id)));
  };

  return (
    <div className="grid gap-2">
      {(media.length > 0 || running.length > 0) && (
        <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd} accessibility={{ announcements, screenReaderInstructions: { draggable: t("media.dragHelp") } }}>
          <SortableContext items={media.map((item) => item.asset_id)} strategy={rectSortingStrategy}>
            <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-4" aria-label={t("media.label")}>
              {media.map((item, at) => (
                <MediaItem
                  key={item.asset_id}
                  item={item}
                  position={at}
                  total={media.length}
                  altId={controlId.alt(index, at)}
                  maxAlt={Number.isFinite(maxAlt) ? maxAlt : null}
                  onAlt={(alt) => set((items) => items.map((other) => (other.asset_id === item.asset_id ? { ...other, alt } : other)))}
                  onRemove={() => set((items) => items.filter((other) => other.asset_id !== item.asset_id))}
                />
              ))}
              {running.map((upload) => (
                <UploadItem key={upload.id} upload={upload} />
              ))}
            </ul>
          </SortableContext>
        </DndContext>
      )}
      {editable && (
        <div className="flex flex-wrap gap-2">
          {mayUpload && (
            <>
              <input
                ref={picker}
                type="file"
                accept="image/*"
                multiple
                hidden
                aria-label={t("media.add")}
                onChange={(event) => {
                  uploads.add([...(event.target.files ?? [])], scope, part);
                  event.target.value = "";
                }}
              />
              <Button id={controlId.media(index)} size="sm" icon={<ImagePlus aria-hidden className="size-4" />} onClick={() => picker.current?.click()}>
                {t("media.add")}
              </Button>
            </>
          )}
          <Button size="sm" icon={<Images aria-hidden className="size-4" />} onClick={() => setLibraryOpen(true)}>
            {t("media.library")}
          </Button>
        </div>
      )}
      {libraryOpen && (
        <LibraryDialog
          brandId={draft.brand_id}
          taken={media.map((item) => item.asset_id)}
          onClose={() => setLibraryOpen(false)}
          onPick={(assets) => set((items) => assets.reduce(withAsset, items))}
        />
      )}
    </div>
  );
}
