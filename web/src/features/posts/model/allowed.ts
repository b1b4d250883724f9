// Which actions fit a post's or a target's state. The server decides in the end; what it would refuse is not offered.
import type { Post, PostStatus, Target, TargetState } from "@/lib/api/types";
import type { Permission } from "@/lib/workspace/rights";

export type PostActionName = "edit" | "publish" | "unschedule" | "duplicate" | "delete" | "approve" | "reject";
export type TargetActionName = "retry" | "check" | "resolve" | "complete" | "reschedule" | "cancel" | "delete_remote" | "publish_now";

type Can = (permission: Permission) => boolean;

const untouched = new Set<TargetState>(["draft", "pending_approval", "scheduled", "held", "missed", "cancelled"]);
const editable = new Set<PostStatus>(["draft", "pending_approval", "scheduled", "needs_attention", "failed"]);

// Nothing of the post was ever given to a network, as far as the states say.
export function isUntouched(post: Pick<Post, "targets">): boolean {
  return post.targets.every((target) => untouched.has(target.state));
}

export function postActions(post: Pick<Post, "status" | "targets">, can: Can): PostActionName[] {
  const states = post.targets.map((target) => target.state);
  const isWaiting = states.some((state) => state === "scheduled" || state === "held" || state === "missed" || state === "pending_approval");
  const isUnpublished = isUntouched(post);
  const offered: [PostActionName, boolean][] = [
    ["edit", can("posts.edit") && editable.has(post.status) && isUnpublished],
    ["publish", can("posts.publish") && isUnpublished && states.some((state) => state === "draft" || state === "scheduled" || state === "missed")],
    ["unschedule", can("posts.schedule") && isWaiting && isUnpublished],
    ["approve", can("posts.approve") && post.status === "pending_approval"],
    ["reject", can("posts.approve") && post.status === "pending_approval"],
    ["duplicate", can("posts.create")],
    // Deleting never touches the networks; a post on its way is refused.
    ["delete", can("posts.delete") && !states.some((state) => state === "publishing" || state === "retrying")],
  ];
  return offered.filter(([, isOffered]) => isOffered).map(([name]) => name);
}

const byState: Partial<Record<TargetState, TargetActionName[]>> = {
  scheduled: ["reschedule", "cancel"],
  held: ["reschedule", "cancel"],
  missed: ["publish_now", "reschedule", "cancel"],
  retrying: ["cancel"],
  failed: ["retry", "cancel"],
  unconfirmed: ["check", "resolve"],
  manual: ["complete", "cancel"],
  published: ["delete_remote"],
};

export function targetActions(target: Pick<Target, "state" | "parts">, can: Can): TargetActionName[] {
  if (!can("posts.publish")) return [];
  const offered = byState[target.state] ?? [];
  const hasLivePart = target.parts.some((part) => part.remote_id !== null);
  return target.state === "failed" && hasLivePart ? [...offered.filter((name) => name !== "cancel"), "delete_remote"] : offered;
}
