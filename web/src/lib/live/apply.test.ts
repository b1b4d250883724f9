import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keys } from "@/lib/api/keys";
import { createApplier, type Applier } from "@/lib/live/apply";

let client: QueryClient;
let applier: Applier;

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  applier = createApplier(client, "w1");
});
afterEach(() => {
  applier.stop();
  vi.useRealTimers();
});

const isStale = (key: readonly unknown[]): boolean => client.getQueryState(key)?.isInvalidated === true;

it("shows a target's new state at once and marks what else shows it", () => {
  client.setQueryData(keys.post("w1", "p1"), {
    id: "p1",
    targets: [
      { id: "t1", state: "publishing" },
      { id: "t2", state: "scheduled" },
    ],
  });
  client.setQueryData(keys.calendar("w1", { from: "a", to: "b" }), { data: [] });
  applier.apply({
    id: "e",
    type: "target.updated",
    data: { post_id: "p1", target_id: "t1", state: "published", remote_url: "https://x.example/1" },
  });
  expect(client.getQueryData(keys.post("w1", "p1"))).toEqual({
    id: "p1",
    targets: [
      { id: "t1", state: "published", remote_url: "https://x.example/1" },
      { id: "t2", state: "scheduled" },
    ],
  });
  vi.advanceTimersByTime(300);
  expect(isStale(keys.calendar("w1", { from: "a", to: "b" }))).toBe(true);
  expect(isStale(keys.post("w1", "p1"))).toBe(true);
});

it("makes one refetch of a burst", () => {
  const invalidate = vi.spyOn(client, "invalidateQueries");
  for (let index = 0; index < 40; index += 1)
    applier.apply({ id: String(index), type: "account.updated", data: { account_id: `a${index}` } });
  vi.advanceTimersByTime(300);
  expect(invalidate).toHaveBeenCalledTimes(2);
});

it("forgets a deleted post", () => {
  client.setQueryData(keys.post("w1", "p1"), { id: "p1" });
  applier.apply({ id: "e", type: "post.deleted", data: { id: "p1" } });
  expect(client.getQueryData(keys.post("w1", "p1"))).toBeUndefined();
});

it("leaves other workspaces alone on resync", () => {
  client.setQueryData(keys.brands("w1"), []);
  client.setQueryData(keys.brands("w2"), []);
  applier.invalidateAll();
  expect(isStale(keys.brands("w1"))).toBe(true);
  expect(isStale(keys.brands("w2"))).toBe(false);
});
