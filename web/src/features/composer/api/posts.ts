// What the composer asks of the server.
import { queryOptions } from "@tanstack/react-query";
import { api, body, ifMatch } from "@/lib/api/client";
import type { Post, PostInput } from "@/lib/api/types";
import { inputOf, patchOf } from "../model/draft";
import type { SaverIo } from "../model/saver";

export type LocalTime = { local: string; time_zone: string };

export function saverIo(ws: string): SaverIo {
  return {
    // keepalive: a save that begins while the page is being left still arrives.
    create: (draft, key) =>
      body(api.POST("/workspaces/{workspace}/posts", { params: { path: { workspace: ws } }, body: inputOf(draft), headers: { "Idempotency-Key": key }, keepalive: true })),
    update: (post, draft, version, base) =>
      body(api.PATCH("/workspaces/{workspace}/posts/{post}", { params: { path: { workspace: ws, post }, header: ifMatch(version) }, body: patchOf(draft, base), keepalive: true })),
    read: (post) => body(api.GET("/workspaces/{workspace}/posts/{post}", { params: { path: { workspace: ws, post } } })),
  };
}

// Preflight: the rules of each network over the draft as it stands, without storing it.
export function validateQuery(ws: string, input: PostInput) {
  return queryOptions({
    queryKey: [ws, "validate", input] as const,
    queryFn: async ({ signal }) => (await body(api.POST("/workspaces/{workspace}/posts/validate", { params: { path: { workspace: ws } }, body: input, signal }))).issues,
    staleTime: 30_000,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

// `at` is a wall clock with its zone: 09:00 stays 09:00 if the zone's rules change before then.
export function schedulePost(ws: string, post: string, at: LocalTime): Promise<Post> {
  return body(api.POST("/workspaces/{workspace}/posts/{post}/schedule", { params: { path: { workspace: ws, post } }, body: { scheduled_at: at } }));
}

export function submitPost(ws: string, post: string, at: string | null): Promise<Post> {
  return body(api.POST("/workspaces/{workspace}/posts/{post}/submit", { params: { path: { workspace: ws, post } }, body: at === null ? {} : { scheduled_at: at } }));
}

export function publishPost(ws: string, post: string): Promise<Post> {
  return body(api.POST("/workspaces/{workspace}/posts/{post}/publish", { params: { path: { workspace: ws, post } } }));
}
