// Where posts stand in the calendar. Five thousand of them are laid out once per answer, not per render.
import type { CalendarItem } from "@/lib/api/types";
import { localToInstant, type Resolved } from "@/lib/zoned";
import { createClock, type LocalDate } from "./dates";

export type PlacedItem = {
  item: CalendarItem;
  at: number;
  date: LocalDate;
  // Minutes after midnight on the wall clock.
  minutes: number;
};

// Items by day on `zone`'s clock, each day in order of time.
export function placeByDay(items: readonly CalendarItem[], zone: string): Map<LocalDate, PlacedItem[]> {
  const clock = createClock(zone);
  const days = new Map<LocalDate, PlacedItem[]>();
  for (const item of items) {
    const at = Date.parse(item.scheduled_at);
    const { date, minutes } = clock(at);
    const day = days.get(date);
    if (day) day.push({ item, at, date, minutes });
    else days.set(date, [{ item, at, date, minutes }]);
  }
  for (const day of days.values()) day.sort((a, b) => a.at - b.at || (a.item.id < b.item.id ? -1 : 1));
  return days;
}

// The same day split into its 24 wall-clock hours.
export function byHour(day: readonly PlacedItem[]): Map<number, PlacedItem[]> {
  const hours = new Map<number, PlacedItem[]>();
  for (const placed of day) {
    const hour = Math.floor(placed.minutes / 60);
    const slot = hours.get(hour);
    if (slot) slot.push(placed);
    else hours.set(hour, [placed]);
  }
  return hours;
}

export function wallClock(date: LocalDate, minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${date}T${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

// A place to drop on: a day (the post keeps its time) or an hour of a day (it keeps its minutes).
export type Slot = { date: LocalDate; hour: number | null };

export type Destination = Resolved & { local: string };

// When a post dropped on `slot` would go out: on the wall clock, so that 09:00 stays 09:00 over a clock change.
export function moveTo(placed: PlacedItem, slot: Slot, zone: string): Destination | null {
  const minutes = slot.hour === null ? placed.minutes : slot.hour * 60 + (placed.minutes % 60);
  const local = wallClock(slot.date, minutes);
  const resolved = localToInstant(local, zone);
  return resolved && { ...resolved, local };
}

export type Refusal = "past" | "state" | "same";

const movable = new Set<CalendarItem["status"]>(["draft", "pending_approval", "scheduled"]);

export function isMovable(item: CalendarItem): boolean {
  return movable.has(item.status);
}

// Why a move is not made; null = it may be asked of the server.
export function refusal(placed: PlacedItem, to: Date, now: Date): Refusal | null {
  if (!isMovable(placed.item)) return "state";
  if (to.getTime() === placed.at) return "same";
  return to.getTime() <= now.getTime() ? "past" : null;
}
