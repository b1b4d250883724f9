// The cells that arrow keys walk over and posts are dropped on. Month: one a day. Week: one an hour of a day.
import { addDays, isLocalDate, type LocalDate } from "./dates";
import type { Slot } from "./layout";

export function cellKey({ date, hour }: Slot): string {
  return hour === null ? date : `${date}T${String(hour).padStart(2, "0")}`;
}

export function cellOf(key: string): Slot | null {
  const [date = "", hour] = key.split("T");
  if (!isLocalDate(date)) return null;
  return { date, hour: hour === undefined ? null : Number(hour) };
}

export type ArrowKey = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End";

export function isArrow(key: string): key is ArrowKey {
  return ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(key);
}

// The cell next to `slot` among the shown days; the same one at the edge. Home and End go to the ends of its week.
export function neighbour(slot: Slot, key: ArrowKey, days: readonly LocalDate[]): Slot {
  const at = days.indexOf(slot.date);
  const weekStart = at - (at % 7);
  if (slot.hour !== null && (key === "ArrowUp" || key === "ArrowDown")) {
    return { date: slot.date, hour: Math.max(0, Math.min(23, slot.hour + (key === "ArrowUp" ? -1 : 1))) };
  }
  const steps: Record<ArrowKey, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: weekStart - at, End: weekStart + 6 - at };
  const date = addDays(slot.date, steps[key]);
  return days.includes(date) ? { date, hour: slot.hour } : slot;
}
