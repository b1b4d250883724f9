import { describe, expect, it } from "vitest";
import type { Post, Target, TargetState } from "@/lib/api/types";
import { postActions, targetActions } from "./allowed";

const everything = () => true;
const nothing = () => false;

function post(status: Post["status"], ...states: TargetState[]): Pick<Post, "status" | "targets"> {
  return { status, targets: states.map((state) => ({ state }) as Target) };
}

function target(state: TargetState, remoteId: string | null = null): Pick<Target, "state" | "parts"> {
  return { state, parts: [{ role: "post", index: 0, state: "pending", remote_id: remoteId, remote_url: null, error: null }] };
}

describe("a post offers", () => {
  it("nothing to somebody who may only look", () => {
    expect(postActions(post("scheduled", "scheduled"), nothing)).toEqual([]);
    expect(targetActions(target("failed"), nothing)).toEqual([]);
  });

  it("to be edited and unscheduled while it waits", () => {
    expect(postActions(post("scheduled", "scheduled", "scheduled"), everything)).toEqual(["edit", "publish", "unschedule", "duplicate", "delete"]);
  });

  it("no change once a network may have it, and no deletion while it is on its way", () => {
    expect(postActions(post("publishing", "publishing", "scheduled"), everything)).toEqual(["duplicate"]);
    expect(postActions(post("partially_published", "published", "failed"), everything)).toEqual(["duplicate", "delete"]);
  });

  it("approval and rejection while it waits for them", () => {
    expect(postActions(post("pending_approval", "pending_approval"), everything)).toEqual(expect.arrayContaining(["approve", "reject"]));
    expect(postActions(post("scheduled", "scheduled"), everything)).not.toContain("approve");
  });
});

describe("a target offers", () => {
  it("the exits of its state", () => {
    expect(targetActions(target("unconfirmed"), everything)).toEqual(["check", "resolve"]);
    expect(targetActions(target("missed"), everything)).toEqual(["publish_now", "reschedule", "cancel"]);
    expect(targetActions(target("manual"), everything)).toContain("complete");
    expect(targetActions(target("publishing"), everything)).toEqual([]);
  });

  it("to take down what is live of a failed thread", () => {
    expect(targetActions(target("failed"), everything)).toEqual(["retry", "cancel"]);
    expect(targetActions(target("failed", "1"), everything)).toEqual(["retry", "delete_remote"]);
  });
});
