// The calendar's grid under the keyboard: arrows walk cells and the posts in them, Enter opens or composes, m moves.
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useFormat, useWorkspace } from "@/lib/workspace/context";
import { cellKey, cellOf, isArrow, neighbour, type ArrowKey } from "./model/cells";
import type { LocalDate } from "./model/dates";
import { moveTo, type PlacedItem, type Slot } from "./model/layout";

export type Moving = { placed: PlacedItem; slot: Slot };

export type Grid = {
  // The one cell that Tab reaches.
  active: string;
  setActive: (cell: string) => void;
  // The post under way and the cell it would go to.
  moving: Moving | null;
  // Said to screen readers.
  announcement: string;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
};

export type GridOptions = {
  days: readonly LocalDate[];
  start: Slot;
  find: (postId: string) => PlacedItem | undefined;
  mayMove: boolean;
  onCompose: (slot: Slot) => void;
  onMove: (placed: PlacedItem, to: Date) => void;
};

export function useGrid({ days, start, find, mayMove, onCompose, onMove }: GridOptions): Grid {
  const { t } = useTranslation("calendar");
  const { time_zone: zone } = useWorkspace();
  const format = useFormat();
  const [chosen, setActive] = useState(cellKey(start));
  const [moving, setMoving] = useState<Moving | null>(null);
  const [announcement, setAnnouncement] = useState("");
  // Turning the page takes the chosen cell off the screen.
  const chosenSlot = cellOf(chosen);
  const active = chosenSlot !== null && days.includes(chosenSlot.date) && (chosenSlot.hour === null) === (start.hour === null) ? chosen : cellKey(start);

  const goTo = (root: HTMLElement, slot: Slot): void => {
    setActive(cellKey(slot));
    focusIn(root, `[role="gridcell"][data-cell="${cellKey(slot)}"]`);
  };
  const walk = (root: HTMLElement, key: ArrowKey, cell: Slot, chip: number): void => {
    const name = cellKey(cell);
    if (key === "ArrowDown" && focusIn(root, `[data-chip="${chip + 1}"][data-cell="${name}"]`)) return;
    if (key === "ArrowUp" && chip >= 0) {
      if (chip === 0) goTo(root, cell);
      else focusIn(root, `[data-chip="${chip - 1}"][data-cell="${name}"]`);
      return;
    }
    goTo(root, neighbour(cell, key, days));
  };
  const carry = (current: Moving, slot: Slot): void => {
    setMoving({ ...current, slot });
    const to = moveTo(current.placed, slot, zone);
    if (to !== null) setAnnouncement(t("move.to", { time: format.full(to.instant) }));
  };
  const drop = ({ placed, slot }: Moving): void => {
    setMoving(null);
    setAnnouncement("");
    const to = moveTo(placed, slot, zone);
    if (to !== null) onMove(placed, to.instant);
  };
  const onMovingKey = (event: KeyboardEvent<HTMLElement>, current: Moving): void => {
    if (isArrow(event.key)) carry(current, neighbour(current.slot, event.key, days));
    else if (event.key === "Enter" || event.key === "m") drop(current);
    else if (event.key === "Escape") {
      setMoving(null);
      setAnnouncement(t("move.cancelled"));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (moving !== null) {
      onMovingKey(event, moving);
      return;
    }
    const at = event.target as HTMLElement;
    const cell = cellOf(at.dataset["cell"] ?? "");
    if (cell === null) return;
    const chip = at.dataset["chip"] === undefined ? -1 : Number(at.dataset["chip"]);
    if (isArrow(event.key)) walk(event.currentTarget, event.key, cell, chip);
    else if (event.key === "Enter" && at.getAttribute("role") === "gridcell") onCompose(cell);
    else if (event.key === "Escape" && chip >= 0) goTo(event.currentTarget, cell);
    else if (event.key === "m" && mayMove && at.dataset["post"] !== undefined) {
      const placed = find(at.dataset["post"]);
      if (placed !== undefined) carry({ placed, slot: cell }, cell);
    } else return;
    event.preventDefault();
  };

  return { active, setActive, moving, announcement, onKeyDown };
}

// Only what is shown can take the focus: on a phone the chips of a day are hidden.
function focusIn(root: HTMLElement, selector: string): boolean {
  const element = root.querySelector<HTMLElement>(selector);
  if (element === null || element.offsetParent === null) return false;
  element.focus();
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}
