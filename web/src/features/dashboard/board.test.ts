import { describe, expect, it } from "vitest";
import { boardOf, boardRange } from "@/features/dashboard/board";
import type { CalendarItem } from "@/lib/api/types";

const now = new Date("2026-11-22T20:00:00Z");

function item(id: string, at: string, more: Partial<CalendarItem> = {}): CalendarItem {
  return {
    id,
    brand_id: "b",
    status: "scheduled",
    scheduled_at: at,
    title: id,
    thumbnail_url: null,
    labels: [],
    readiness: "ok",
    targets: [],
    ...more,
  };
}

describe("boardOf", () => {
  const board = boardOf(
    [
      item("tomorrow", "2026-11-23T19:00:00Z"),
      item("late", "2026-11-28T10:00:00Z", { readiness: "at_risk" }),
      item("unapproved", "2026-11-25T10:00:00Z", { status: "pending_approval" }),
      item("beyond", "2026-11-30T10:00:00Z"),
      item("draft", "2026-11-24T10:00:00Z", { status: "draft" }),
      item("older", "2026-11-20T10:00:00Z", { status: "published" }),
      item("newer", "2026-11-22T10:00:00Z", { status: "partially_published" }),
      item("called off", "2026-11-23T10:00:00Z", { status: "cancelled" }),
    ],
    now,
    "Europe/Berlin",
  );
  const ids = (items: CalendarItem[]) => items.map(({ id }) => id);

  it("counts what is meant to go out in seven days, and what may not", () => {
    expect(ids(board.planned)).toEqual(["tomorrow", "unapproved", "late"]);
    expect(ids(board.atRisk)).toEqual(["unapproved", "late"]);
  });

  it("lists the next 24 hours and the last posts, the latest first", () => {
    expect(ids(board.next)).toEqual(["tomorrow"]);
    expect(ids(board.last)).toEqual(["newer", "older"]);
  });

  it("splits the week on the workspace's clock", () => {
    expect(board.week.map(({ date, items }) => [date, items.length])).toEqual([
      ["2026-11-22", 1],
      ["2026-11-23", 2],
      ["2026-11-24", 1],
      ["2026-11-25", 1],
      ["2026-11-26", 0],
      ["2026-11-27", 0],
      ["2026-11-28", 1],
    ]);
  });
});

it("reads whole days, also across a change of clocks", () => {
  expect(boardRange(new Date("2026-10-22T12:00:00Z"), "Europe/Berlin")).toEqual({
    from: "2026-10-14T22:00:00.000Z",
    to: "2026-10-29T23:00:00.000Z",
  });
});
