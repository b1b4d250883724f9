import { describe, expect, it } from "vitest";
import { instantToLocal, isZone, localToInstant, offsetAt } from "@/lib/zoned";

const resolve = (local: string, zone: string) => {
  const found = localToInstant(local, zone);
  return found === null ? null : [found.instant.toISOString(), found.kind];
};

describe("localToInstant", () => {
  it.each([
    ["winter", "2026-01-15T09:00", "Europe/Berlin", ["2026-01-15T08:00:00.000Z", "exact"]],
    ["summer", "2026-07-15T09:00", "Europe/Berlin", ["2026-07-15T07:00:00.000Z", "exact"]],
    ["a gap", "2026-03-29T02:30", "Europe/Berlin", ["2026-03-29T01:30:00.000Z", "gap"]],
    ["an overlap, first of two", "2026-10-25T02:30", "Europe/Berlin", ["2026-10-25T00:30:00.000Z", "overlap"]],
    ["just before a gap", "2026-03-29T01:59", "Europe/Berlin", ["2026-03-29T00:59:00.000Z", "exact"]],
    ["just after an overlap", "2026-10-25T03:00", "Europe/Berlin", ["2026-10-25T02:00:00.000Z", "exact"]],
    ["half-hour zones", "2026-06-01T12:00", "Asia/Kolkata", ["2026-06-01T06:30:00.000Z", "exact"]],
    ["half-hour daylight saving", "2026-10-04T02:15", "Australia/Lord_Howe", ["2026-10-03T15:45:00.000Z", "gap"]],
    ["west of UTC", "2026-11-01T01:30", "America/New_York", ["2026-11-01T05:30:00.000Z", "overlap"]],
    ["a leap day", "2028-02-29T00:00", "UTC", ["2028-02-29T00:00:00.000Z", "exact"]],
  ])("knows %s", (_name, local, zone, expected) => {
    expect(resolve(local, zone)).toEqual(expected);
  });

  it.each([
    ["no such day", "2026-02-30T09:00", "UTC"],
    ["no such hour", "2026-02-03T25:00", "UTC"],
    ["half a date", "2026-02", "UTC"],
    ["no zone", "2026-02-03T09:00", "Mars/Olympus"],
    ["nothing", "", "UTC"],
  ])("refuses %s", (_name, local, zone) => {
    expect(localToInstant(local, zone)).toBeNull();
  });
});

it("gives back the wall clock it took", () => {
  for (const zone of ["Europe/Berlin", "America/St_Johns", "Pacific/Chatham", "Asia/Tokyo"]) {
    for (const local of ["2026-01-01T00:00", "2026-03-08T12:45", "2026-12-31T23:59"]) {
      expect(instantToLocal(localToInstant(local, zone)?.instant as Date, zone)).toBe(local);
    }
  }
});

it("tells offsets with their sign", () => {
  expect(offsetAt(new Date("2026-01-01T00:00:00Z"), "America/New_York")).toBe(-5 * 3_600_000);
  expect(offsetAt(new Date("2026-01-01T00:00:00.750Z"), "Asia/Kathmandu")).toBe(5.75 * 3_600_000);
});

it("knows zones from other words", () => {
  expect([isZone("Europe/Berlin"), isZone("UTC"), isZone("Berlin"), isZone("")]).toEqual([true, true, false, false]);
});
