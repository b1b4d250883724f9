import type { ReactNode } from "react";
import { useDroppable } from "@dnd-kit/core";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/workspace/context";
import type { CalendarView } from "../context";
import { cellKey } from "../model/cells";
import { noonUtc } from "../model/dates";
import type { PlacedItem, Slot } from "../model/layout";
import { GridChip } from "./chip";

export type GridCellProps = {
  view: CalendarView;
  slot: Slot;
  items: readonly PlacedItem[];
  // How many posts are shown before "more".
  shown: number;
  heading?: ReactNode;
  className?: string;
};

// One day, or one hour of a day: takes dropped posts, and a click on its empty space composes for then.
export function GridCell({ view, slot, items, shown, heading, className }: GridCellProps) {
  const { t } = useTranslation("calendar");
  const format = useFormat("UTC");
  const { grid, mayCompose, mayMove, onCompose, onMore } = view;
  const key = cellKey(slot);
  const { setNodeRef, isOver } = useDroppable({ id: key, data: { slot } });
  const isTarget = isOver || (grid.moving !== null && cellKey(grid.moving.slot) === key);
  const when = slot.hour === null ? format.longDate(noonUtc(slot.date)) : `${format.longDate(noonUtc(slot.date))}, ${format.time(Date.UTC(2026, 0, 1, slot.hour))}`;
  const hidden = items.length - shown;

  return (
    // The grid above listens for Enter and the arrows; the cell itself only takes the pointer.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={setNodeRef}
      role="gridcell"
      tabIndex={grid.active === key ? 0 : -1}
      data-cell={key}
      aria-label={`${when}, ${t("grid.posts", { count: items.length })}`}
      onFocus={() => grid.setActive(key)}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("a, button") && mayCompose && !window.matchMedia("(width < 40rem)").matches) onCompose(slot);
      }}
      className={cx(
        "group relative flex min-w-0 flex-col gap-1 border-r border-hairline p-1 -outline-offset-2 last:border-r-0",
        isTarget && "bg-accent-fill! outline-2 outline-accent-text",
        className,
      )}
    >
      {heading != null && (
        <div className="flex items-center justify-between">
          {heading}
          {mayCompose && slot.date >= view.today && (
            <button
              type="button"
              tabIndex={-1}
              aria-label={t("grid.compose", { day: when })}
              onClick={() => onCompose(slot)}
              className="hidden size-6 items-center justify-center rounded-md text-muted opacity-0 group-hover:opacity-100 hover:bg-raised focus:opacity-100 sm:flex"
            >
              <Plus aria-hidden className="size-3.5" />
            </button>
          )}
        </div>
      )}
      <div className={cx("min-w-0 gap-1", slot.hour === null ? "hidden sm:grid" : "grid")}>
        {items.slice(0, shown).map((placed, index) => (
          <GridChip key={placed.item.id} placed={placed} index={index} cell={key} mayMove={mayMove} isMoving={grid.moving?.placed.item.id === placed.item.id} />
        ))}
        {hidden > 0 && (
          <button
            type="button"
            tabIndex={-1}
            data-chip={shown}
            data-cell={key}
            onClick={() => onMore(slot)}
            className="truncate rounded-md px-1.5 py-0.5 text-left text-xs text-muted hover:bg-raised"
          >
            {t("grid.more", { count: hidden })}
          </button>
        )}
      </div>
      {slot.hour === null && <PhoneDay items={items} label={when} onOpen={() => onMore(slot)} />}
    </div>
  );
}

// On a phone a day is a number of posts; touching it lists them.
function PhoneDay({ items, label, onOpen }: { items: readonly PlacedItem[]; label: string; onOpen: () => void }) {
  const { t } = useTranslation("calendar");
  return (
    <button type="button" tabIndex={-1} onClick={onOpen} aria-label={`${label}, ${t("grid.posts", { count: items.length })}`} className="absolute inset-0 flex items-end justify-center pb-2 sm:hidden">
      {items.length > 0 && <span className="rounded-full bg-accent-fill px-2 text-xs font-medium text-accent-text">{items.length}</span>}
    </button>
  );
}
