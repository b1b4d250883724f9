// Dates and numbers for people: the workspace's time zone, the reader's locale.
import { ownZone } from "@/lib/zoned";

export type Format = {
  locale: string;
  zone: string;
  // "Sun 22 Nov, 09:00"
  dateTime(at: Instant): string;
  // The same with year and zone: for a tooltip, an evidence row, a heading that must not be misread.
  full(at: Instant): string;
  // What the reader's own clock says, when that differs from the workspace's; else null.
  own(at: Instant): string | null;
  date(at: Instant): string;
  longDate(at: Instant): string;
  time(at: Instant): string;
  weekday(at: Instant, width?: "short" | "long"): string;
  // "in 5 minutes", "2 days ago"
  relative(at: Instant, now?: Date): string;
  number(value: number): string;
  bytes(value: number): string;
  // "GMT+1" or "CET", as the locale calls it at that instant.
  zoneName(at?: Instant): string;
  // 1 = Monday … 7 = Sunday.
  weekStart(): number;
  hour12(): boolean;
};

export type Instant = string | number | Date;

const cache = new Map<string, Format>();

// `viewer` is the zone of the reader's own clock.
export function formatFor(locale: string, zone: string, viewer = ownZone()): Format {
  const key = `${locale}|${zone}|${viewer}`;
  let format = cache.get(key);
  if (format === undefined) {
    format = create(locale, zone, viewer);
    cache.set(key, format);
  }
  return format;
}

function create(locale: string, zone: string, viewer: string): Format {
  const dates = new Map<string, Intl.DateTimeFormat>();
  const show = (at: Instant, options: Intl.DateTimeFormatOptions): string => {
    const key = JSON.stringify(options);
    let formatter = dates.get(key);
    if (formatter === undefined) {
      formatter = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
      dates.set(key, formatter);
    }
    return formatter.format(toDate(at));
  };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const number = new Intl.NumberFormat(locale);
  const twelve = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12 ?? false;
  // "09:05" but "9:05 am": columns of times line up, and each looks as its readers write it.
  const hourMinute: Intl.DateTimeFormatOptions = { hour: twelve ? "numeric" : "2-digit", minute: "2-digit" };

  return {
    locale,
    zone,
    dateTime: (at) => show(at, { weekday: "short", day: "numeric", month: "short", ...hourMinute }),
    full: (at) => show(at, { weekday: "short", day: "numeric", month: "short", year: "numeric", ...hourMinute, timeZoneName: "short" }),
    own: (at) => (viewer === zone ? null : formatFor(locale, viewer).full(at)),
    date: (at) => show(at, { day: "numeric", month: "short", year: "numeric" }),
    longDate: (at) => show(at, { weekday: "long", day: "numeric", month: "long" }),
    time: (at) => show(at, hourMinute),
    weekday: (at, width = "short") => show(at, { weekday: width }),
    relative: (at, now = new Date()) => relativeText(relative, toDate(at).getTime() - now.getTime()),
    number: (value) => number.format(value),
    bytes: (value) => bytesText(locale, value),
    zoneName: (at = new Date()) =>
      new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" })
        .formatToParts(toDate(at))
        .find((part) => part.type === "timeZoneName")?.value ?? zone,
    weekStart: () => weekStartOf(locale),
    hour12: () => twelve,
  };
}

function toDate(at: Instant): Date {
  return at instanceof Date ? at : new Date(at);
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

function relativeText(formatter: Intl.RelativeTimeFormat, distanceMs: number): string {
  for (const [unit, size] of units) {
    if (Math.abs(distanceMs) >= size) return formatter.format(Math.trunc(distanceMs / size), unit);
  }
  return formatter.format(0, "second");
}

function bytesText(locale: string, value: number): string {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let size = value;
  let step = 0;
  while (size >= 1000 && step < steps.length - 1) {
    size /= 1000;
    step += 1;
  }
  const unit = steps[step] ?? "byte";
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: size < 10 && step > 0 ? 1 : 0,
  }).format(size);
}

type WeekInfo = { firstDay: number };

function weekStartOf(locale: string): number {
  const info = new Intl.Locale(locale) as Intl.Locale & { weekInfo?: WeekInfo; getWeekInfo?: () => WeekInfo };
  return info.getWeekInfo?.().firstDay ?? info.weekInfo?.firstDay ?? 1;
}
