// Wall clock ↔ instant in an IANA time zone, by Intl alone. A "local" is "2026-11-22T09:00" (no offset).

// Milliseconds that `zone` is ahead of UTC at `instant`.
export function offsetAt(instant: Date, zone: string): number {
  const parts = partsAt(instant, zone);
  const asUtc = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return asUtc - Math.floor(instant.getTime() / 1000) * 1000;
}

export type WallClock = { year: number; month: number; day: number; hour: number; minute: number; second: number };

const formatters = new Map<string, Intl.DateTimeFormat>();

export function partsAt(instant: Date, zone: string): WallClock {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, formatter);
  }
  const found: Record<string, number> = {};
  for (const part of formatter.formatToParts(instant)) found[part.type] = Number(part.value);
  return {
    year: found["year"] ?? 0,
    month: found["month"] ?? 1,
    day: found["day"] ?? 1,
    hour: found["hour"] ?? 0,
    minute: found["minute"] ?? 0,
    second: found["second"] ?? 0,
  };
}

// "2026-11-22T09:00" as clocks in `zone` show it.
export function instantToLocal(instant: Date, zone: string): string {
  const p = partsAt(instant, zone);
  return `${pad(p.year, 4)}-${pad(p.month)}-${pad(p.day)}T${pad(p.hour)}:${pad(p.minute)}`;
}

export function localDate(instant: Date, zone: string): string {
  return instantToLocal(instant, zone).slice(0, 10);
}

export type Resolved = {
  instant: Date;
  // gap: clocks jump over this time, `instant` is the time after the jump by the same distance.
  // overlap: the time happens twice, `instant` is the first.
  kind: "exact" | "gap" | "overlap";
};

// Null when `local` is no date and time, or `zone` no zone.
export function localToInstant(local: string, zone: string): Resolved | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(local);
  if (match === null || !isZone(zone)) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const utc = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  if (new Date(utc).toISOString().slice(0, 16) !== local.slice(0, 16)) return null;
  // Zones change by hours at most: the offsets a day before and after are the only candidates.
  const before = offsetAt(new Date(utc - 86_400_000), zone);
  const after = offsetAt(new Date(utc + 86_400_000), zone);
  const fits = [before, after].filter(
    (offset, index, all) => all.indexOf(offset) === index && offsetAt(new Date(utc - offset), zone) === offset,
  );
  if (fits.length === 0) return { instant: new Date(utc - before), kind: "gap" };
  const instant = new Date(Math.min(...fits.map((offset) => utc - offset)));
  return { instant, kind: fits.length === 2 ? "overlap" : "exact" };
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone !== "";
  } catch {
    return false;
  }
}

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function allZones(): string[] {
  const zones = Intl.supportedValuesOf("timeZone");
  return zones.includes("UTC") ? zones : ["UTC", ...zones];
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}
