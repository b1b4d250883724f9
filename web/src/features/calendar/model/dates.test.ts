import { describe, expect, it } from "vitest";
import { addDays, addMonths, createClock, instantsOf, isLocalDate, monthOf, startOfWeek, weekOf } from "./dates";

const berlin = "Europe/Berlin";

describe("days", () => {
  it("add over months, years and clock changes", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(addMonths("2026-01-15", -1)).toBe("2025-12-15");
  });

  it("are told from other text", () => {
    expect(isLocalDate("2026-11-22")).toBe(true);
    for (const bad of ["2026-02-30", "2026-1-1", "tomorrow", 20261122, null]) expect(isLocalDate(bad)).toBe(false);
  });

  it("begin weeks where the locale does", () => {
    expect(startOfWeek("2026-11-22", 1)).toBe("2026-11-16");
    expect(startOfWeek("2026-11-22", 7)).toBe("2026-11-22");
    expect(weekOf("2026-11-25", 7)).toEqual(["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"]);
  });
});

describe("the month", () => {
  it("is shown in whole weeks", () => {
    const november = monthOf("2026-11-22", 1);
    expect(november).toHaveLength(42);
    expect([november[0], november.at(-1)]).toEqual(["2026-10-26", "2026-12-06"]);
  });

  it("takes four weeks when it fits", () => {
    expect(monthOf("2027-02-10", 1)).toHaveLength(28);
  });
});

describe("the span asked of the server", () => {
  it("follows the zone's own midnights, one hour short or long over a clock change", () => {
    const hours = (day: string) => {
      const { from, to } = instantsOf([day], berlin);
      return (to.getTime() - from.getTime()) / 3_600_000;
    };
    expect(instantsOf(["2026-11-22"], berlin).from.toISOString()).toBe("2026-11-21T23:00:00.000Z");
    expect([hours("2026-03-29"), hours("2026-06-01"), hours("2026-10-25")]).toEqual([23, 24, 25]);
  });

  it("begins after the gap where a day has no midnight", () => {
    // Chile's clocks jump from 24:00 to 01:00.
    expect(instantsOf(["2026-09-06"], "America/Santiago").from.toISOString()).toBe("2026-09-06T04:00:00.000Z");
  });
});

describe("the wall clock", () => {
  it("agrees with Intl for every half hour around both changes of the year", () => {
    for (const zone of [berlin, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]) {
      const clock = createClock(zone);
      const shown = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      for (const start of ["2026-03-07T00:00Z", "2026-03-28T00:00Z", "2026-10-03T00:00Z", "2026-10-24T00:00Z", "2026-10-31T00:00Z"]) {
        for (let step = 0; step < 144; step += 1) {
          const at = Date.parse(start) + step * 1_800_000;
          const { date, minutes } = clock(at);
          const text = `${date}, ${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
          expect(text).toBe(shown.format(at));
        }
      }
    }
  });
});
