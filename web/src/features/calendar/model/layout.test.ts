import { describe, expect, it } from "vitest";
import type { CalendarItem } from "@/lib/api/types";
import { byHour, moveTo, placeByDay, refusal, type PlacedItem } from "./layout";

const berlin = "Europe/Berlin";

function item(id: string, at: string, changes: Partial<CalendarItem> = {}): CalendarItem {
  return { id, brand_id: "brand", status: "scheduled", scheduled_at: at, title: id, thumbnail_url: null, labels: [], readiness: "ok", targets: [], ...changes };
}

function place(at: string, changes: Partial<CalendarItem> = {}): PlacedItem {
  const placed = [...placeByDay([item("post", at, changes)], berlin).values()][0]?.[0];
  if (placed === undefined) throw new Error("not placed");
  return placed;
}

describe("placing", () => {
  it("puts posts on the day of the workspace's clock, in order of time", () => {
    const days = placeByDay([item("late", "2026-11-22T22:59:00Z"), item("next day", "2026-11-22T23:00:00Z"), item("early", "2026-11-22T08:00:00Z")], berlin);
    expect(days.get("2026-11-22")?.map((placed) => placed.item.id)).toEqual(["early", "late"]);
    expect(days.get("2026-11-23")?.map((placed) => placed.minutes)).toEqual([0]);
  });

  it("shows both passes of an hour that happens twice in that hour, in order", () => {
    const day = placeByDay([item("second", "2026-10-25T01:30:00Z"), item("first", "2026-10-25T00:30:00Z")], berlin).get("2026-10-25") ?? [];
    expect(byHour(day).get(2)?.map((placed) => placed.item.id)).toEqual(["first", "second"]);
  });
});

describe("moving", () => {
  it("keeps the wall-clock time over a clock change", () => {
    expect(moveTo(place("2026-10-24T07:00:00Z"), { date: "2026-10-26", hour: null }, berlin)).toMatchObject({ local: "2026-10-26T09:00", instant: new Date("2026-10-26T08:00:00Z") });
  });

  it("keeps the minutes when dropped on an hour", () => {
    expect(moveTo(place("2026-11-22T08:20:00Z"), { date: "2026-11-24", hour: 17 }, berlin)?.instant.toISOString()).toBe("2026-11-24T16:20:00.000Z");
  });

  it("says when the time does not exist that day", () => {
    expect(moveTo(place("2026-03-28T01:30:00Z"), { date: "2026-03-29", hour: null }, berlin)).toMatchObject({ kind: "gap" });
  });
});

describe("refusing", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  const later = new Date("2026-11-22T13:00:00Z");

  it("names the past, the present place and states that cannot move", () => {
    expect(refusal(place("2026-11-23T12:00:00Z"), new Date("2026-11-22T11:59:59Z"), now)).toBe("past");
    expect(refusal(place("2026-11-23T12:00:00Z"), now, now)).toBe("past");
    expect(refusal(place("2026-11-22T13:00:00Z"), later, now)).toBe("same");
    expect(refusal(place("2026-11-23T12:00:00Z", { status: "published" }), later, now)).toBe("state");
    expect(refusal(place("2026-11-23T12:00:00Z"), later, now)).toBeNull();
  });
});

describe("a month of five thousand posts", () => {
  it("is placed whole", () => {
    const start = Date.parse("2026-11-01T00:00:00Z");
    const items = Array.from({ length: 5000 }, (_, index) => item(`post ${index}`, new Date(start + index * 500_000).toISOString()));
    const days = placeByDay(items, berlin);
    expect([...days.values()].reduce((sum, day) => sum + day.length, 0)).toBe(5000);
  });
});
