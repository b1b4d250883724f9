// What can be done with a post and with each of its targets.
import { api, body } from "@/lib/api/client";
import type { Post } from "@/lib/api/types";

export type Resolution = { outcome: "live"; remote_url?: string } | { outcome: "not_live"; then: "send_again" | "give_up" };

export type PostAction =
  | { kind: "publish" | "unschedule" | "duplicate" | "delete" | "approve" }
  | { kind: "schedule"; at: string }
  | { kind: "reject"; reason: string };

export type TargetAction = { target: string } & (
  | { kind: "retry" | "check" | "cancel" | "delete_remote" }
  | { kind: "reschedule"; at: string }
  | { kind: "complete"; remote_url: string }
  | ({ kind: "resolve" } & Resolution)
);

// The post after the action; null when it is gone.
export async function actOnPost(ws: string, post: string, action: PostAction): Promise<Post | null> {
  const params = { path: { workspace: ws, post } };
  switch (action.kind) {
    case "publish":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/publish", { params }));
    case "unschedule":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/unschedule", { params }));
    case "duplicate":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/duplicate", { params, body: {} }));
    case "approve":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/approve", { params }));
    case "reject":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/reject", { params, body: { reason: action.reason } }));
    case "schedule":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/schedule", { params, body: { scheduled_at: action.at } }));
    case "delete":
      await api.DELETE("/workspaces/{workspace}/posts/{post}", { params });
      return null;
  }
}

export async function actOnTarget(ws: string, post: string, action: TargetAction): Promise<Post> {
  const params = { path: { workspace: ws, post, target: action.target } };
  switch (action.kind) {
    case "retry":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/targets/{target}/retry", { params }));
    case "check":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/targets/{target}/check", { params }));
    case "cancel":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/targets/{target}/cancel", { params }));
    case "delete_remote":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/targets/{target}/delete-remote", { params }));
    case "reschedule":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/targets/{target}/reschedule", { params, body: { scheduled_at: action.at } }));
    case "complete":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/targets/{target}/complete", { params, body: action.remote_url === "" ? {} : { remote_url: action.remote_url } }));
    case "resolve":
      return body(api.POST("/workspaces/{workspace}/posts/{post}/targets/{target}/resolve", { params, body: resolution(action) }));
  }
}

function resolution(action: Resolution): { outcome: "live" | "not_live"; remote_url?: string; then?: "send_again" | "give_up" } {
  if (action.outcome === "not_live") return { outcome: "not_live", then: action.then };
  return action.remote_url === undefined || action.remote_url === "" ? { outcome: "live" } : { outcome: "live", remote_url: action.remote_url };
}
