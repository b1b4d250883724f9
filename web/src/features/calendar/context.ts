// What the views of the calendar share.
import type { LocalDate } from "./model/dates";
import type { PlacedItem, Slot } from "./model/layout";
import type { Grid } from "./use_grid";

export type CalendarView = {
  days: readonly LocalDate[];
  placed: ReadonlyMap<LocalDate, readonly PlacedItem[]>;
  today: LocalDate;
  grid: Grid;
  mayCompose: boolean;
  mayMove: boolean;
  onCompose: (slot: Slot) => void;
  // Shows all posts of a cell.
  onMore: (slot: Slot) => void;
};
