import { describe, expect, it } from "vitest";
import { cellKey, cellOf, neighbour } from "./cells";
import { monthOf, weekOf } from "./dates";

const month = monthOf("2026-11-15", 1);
const week = weekOf("2026-11-15", 1);

describe("cells", () => {
  it("are named by day, or by day and hour", () => {
    for (const slot of [{ date: "2026-11-22", hour: null }, { date: "2026-11-22", hour: 7 }]) expect(cellOf(cellKey(slot))).toEqual(slot);
    expect(cellOf("nonsense")).toBeNull();
  });

  it("lead to their neighbours: days sideways, weeks up and down", () => {
    const slot = { date: "2026-11-18", hour: null };
    expect(neighbour(slot, "ArrowRight", month).date).toBe("2026-11-19");
    expect(neighbour(slot, "ArrowUp", month).date).toBe("2026-11-11");
    expect(neighbour(slot, "Home", month).date).toBe("2026-11-16");
    expect(neighbour(slot, "End", month).date).toBe("2026-11-22");
  });

  it("lead through the hours of a day in the week", () => {
    expect(neighbour({ date: "2026-11-12", hour: 9 }, "ArrowDown", week)).toEqual({ date: "2026-11-12", hour: 10 });
    expect(neighbour({ date: "2026-11-12", hour: 23 }, "ArrowDown", week)).toEqual({ date: "2026-11-12", hour: 23 });
  });

  it("end where the shown days end", () => {
    const first = { date: month[0] ?? "", hour: null };
    expect(neighbour(first, "ArrowLeft", month)).toEqual(first);
    expect(neighbour(first, "ArrowUp", month)).toEqual(first);
  });
});
