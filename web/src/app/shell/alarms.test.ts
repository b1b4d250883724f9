import { expect, it } from "vitest";
import { readAlarm } from "@/app/shell/alarms";

const event = (data: unknown, type = "alarm") => readAlarm({ id: "e", type, data });

it("reads an alarm and its end", () => {
  expect(
    event({ key: "worker_silent", code: "worker_silent", raised: true, params: { subject: "worker", since: "2026-11-22T09:00:00.000Z" } }),
  ).toEqual({
    key: "worker_silent",
    code: "worker_silent",
    raised: true,
    params: { subject: "worker", since: "2026-11-22T09:00:00.000Z" },
    post: null,
  });
  expect(event({ key: "worker_silent", code: "worker_silent", raised: false })).toMatchObject({ raised: false, params: {} });
  expect(event({ key: "target_removed:t", code: "target_removed", post_id: "p" })).toMatchObject({ raised: true, post: "p" });
});

it.each([
  ["another event", { key: "k", code: "c" }, "post.updated"],
  ["no key", { code: "c" }, "alarm"],
  ["nothing", null, "alarm"],
])("ignores %s", (_name, data, type) => {
  expect(event(data, type)).toBeNull();
});
