// Calendar days as "2026-11-22" (a LocalDate): days have no zone, and adding days never meets a clock change.
import { localToInstant, offsetAt } from "@/lib/zoned";

export type LocalDate = string;

const dayMs = 86_400_000;

function utc(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function fromUtc(ms: number): LocalDate {
  return new Date(ms).toISOString().slice(0, 10);
}

export function isLocalDate(value: unknown): value is LocalDate {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(utc(value)) && fromUtc(utc(value)) === value;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return fromUtc(utc(date) + days * dayMs);
}

// The same day of another month, or that month's last day.
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return fromUtc(Date.UTC(year, month - 1 + months, Math.min(day, last)));
}

// 1 = Monday … 7 = Sunday.
export function weekdayOf(date: LocalDate): number {
  return new Date(utc(date)).getUTCDay() || 7;
}

export function startOfWeek(date: LocalDate, weekStart: number): LocalDate {
  return addDays(date, -((weekdayOf(date) - weekStart + 7) % 7));
}

export function weekOf(date: LocalDate, weekStart: number): LocalDate[] {
  const first = startOfWeek(date, weekStart);
  return Array.from({ length: 7 }, (_, index) => addDays(first, index));
}

// The whole weeks that hold the month of `date`: 28 to 42 days.
export function monthOf(date: LocalDate, weekStart: number): LocalDate[] {
  const firstOfMonth = `${date.slice(0, 8)}01`;
  const nextMonth = addMonths(firstOfMonth, 1);
  const days: LocalDate[] = [];
  for (let day = startOfWeek(firstOfMonth, weekStart); day < nextMonth || days.length % 7 !== 0; day = addDays(day, 1)) days.push(day);
  return days;
}

export function sameMonth(a: LocalDate, b: LocalDate): boolean {
  return a.slice(0, 7) === b.slice(0, 7);
}

// A LocalDate as an instant for formatting in UTC: noon, so that no zone moves it to another day.
export function noonUtc(date: LocalDate): Date {
  return new Date(utc(date) + dayMs / 2);
}

// The instants between which these days lie in `zone`, `to` exclusive. Days that begin in a gap begin after it.
export function instantsOf(days: readonly LocalDate[], zone: string): { from: Date; to: Date } {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw new Error("instantsOf needs a day");
  const from = localToInstant(`${first}T00:00`, zone);
  const to = localToInstant(`${addDays(last, 1)}T00:00`, zone);
  if (from === null || to === null) throw new Error(`No such zone: ${zone}`);
  return { from: from.instant, to: to.instant };
}

// Reads wall clocks of one zone for thousands of instants: asks for the zone's offset once a day, and for each
// instant only on the days when clocks change.
export function createClock(zone: string): (instantMs: number) => { date: LocalDate; minutes: number } {
  const offsets = new Map<number, number | null>();
  const offsetOf = (instantMs: number): number => {
    const day = Math.floor(instantMs / dayMs);
    let offset = offsets.get(day);
    if (offset === undefined) {
      const start = offsetAt(new Date(day * dayMs), zone);
      offset = start === offsetAt(new Date((day + 1) * dayMs), zone) ? start : null;
      offsets.set(day, offset);
    }
    return offset ?? offsetAt(new Date(instantMs), zone);
  };
  return (instantMs) => {
    const wall = instantMs + offsetOf(instantMs);
    const day = Math.floor(wall / dayMs);
    return { date: fromUtc(day * dayMs), minutes: Math.floor((wall - day * dayMs) / 60_000) };
  };
}
