import { useRef } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { PenSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useFormat } from "@/lib/workspace/context";
import { noonUtc } from "../model/dates";
import type { PlacedItem, Slot } from "../model/layout";
import { Chip } from "./chip";

export type CellDialogProps = { slot: Slot; items: readonly PlacedItem[]; mayCompose: boolean; onCompose: () => void; onClose: () => void };

const rowHeightPx = 46;

// Every post of a day, or of an hour.
export function CellDialog({ slot, items, mayCompose, onCompose, onClose }: CellDialogProps) {
  const { t } = useTranslation("calendar");
  const format = useFormat("UTC");
  const day = format.longDate(noonUtc(slot.date));
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={slot.hour === null ? day : `${day}, ${format.time(Date.UTC(2026, 0, 1, slot.hour))}`}
      description={t("grid.posts", { count: items.length })}
      footer={
        mayCompose && (
          <Button variant="primary" icon={<PenSquare aria-hidden className="size-4" />} onClick={onCompose}>
            {t("grid.composeHere")}
          </Button>
        )
      }
    >
      {items.length > 0 && <Rows items={items} />}
    </Dialog>
  );
}

// A component of its own: the dialog's content comes to the page later than the dialog, and the rows must be there
// when they are measured.
function Rows({ items }: { items: readonly PlacedItem[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised over it
  const virtualizer = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeightPx, overscan: 8 });
  return (
    <div ref={scroller} className="max-h-[60dvh] overflow-y-auto">
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((virtual) => {
          const placed = items[virtual.index];
          return (
            placed && (
              <li key={placed.item.id} className="absolute inset-x-0 top-0 p-0.5" style={{ height: virtual.size, transform: `translateY(${virtual.start}px)` }}>
                <Chip placed={placed} roomy />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
