// What the dashboard says, from one calendar read: a week back, a week ahead.
import type { CalendarItem } from "@/lib/api/types";
import { instantToLocal, localDate, localToInstant } from "@/lib/zoned";

export const dayMs = 86_400_000;

export type Board = {
  // Planned for the next seven days.
  planned: CalendarItem[];
  // Those of them that something stands in the way of.
  atRisk: CalendarItem[];
  // The next 24 hours, in order.
  next: CalendarItem[];
  // Went out in the last seven days, the latest first.
  last: CalendarItem[];
  // Today and the six days after it, as dates on the workspace's clock.
  week: { date: string; at: Date; items: CalendarItem[] }[];
};

const ahead: readonly string[] = ["scheduled", "publishing", "pending_approval", "needs_attention"];
const out: readonly string[] = ["published", "partially_published"];

export function boardOf(items: readonly CalendarItem[], now: Date, zone: string): Board {
  const dated = items.map((item) => ({ item, at: Date.parse(item.scheduled_at) })).sort((a, b) => a.at - b.at);
  const from = now.getTime();
  const within = (days: number) => dated.filter(({ at }) => at >= from && at < from + days * dayMs).map(({ item }) => item);
  const planned = within(7).filter(({ status }) => ahead.includes(status));
  return {
    planned,
    atRisk: planned.filter(isAtRisk),
    next: within(1).filter(({ status }) => status !== "cancelled"),
    last: dated
      .filter(({ item, at }) => at < from && out.includes(item.status))
      .map(({ item }) => item)
      .reverse(),
    week: Array.from({ length: 7 }, (_, index) => {
      const at = addDays(now, index, zone);
      const date = localDate(at, zone);
      return { date, at, items: dated.filter((entry) => localDate(new Date(entry.at), zone) === date).map(({ item }) => item) };
    }),
  };
}

// Not approved yet counts: as things stand it does not go out.
export function isAtRisk(item: CalendarItem): boolean {
  return (
    item.readiness === "at_risk" || item.readiness === "blocked" || item.status === "pending_approval" || item.status === "needs_attention"
  );
}

// The same time of day `days` later on the zone's clock; a day is not always 24 hours long.
function addDays(from: Date, days: number, zone: string): Date {
  const local = instantToLocal(from, zone);
  const moved = new Date(Date.parse(`${local.slice(0, 10)}T12:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
  return localToInstant(`${moved}T12:00`, zone)?.instant ?? from;
}

// The read that `boardOf` needs: whole days, so that the key stays the same all day.
export function boardRange(now: Date, zone: string): { from: string; to: string } {
  const midnight = (days: number): string => {
    const date = localDate(addDays(now, days, zone), zone);
    return (localToInstant(`${date}T00:00`, zone)?.instant ?? now).toISOString();
  };
  return { from: midnight(-7), to: midnight(8) };
}
