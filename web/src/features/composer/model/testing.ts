// Posts and drafts for the tests of this folder.
import type { Post } from "@/lib/api/types";
import { type Draft, type DraftTarget, emptyContent } from "./draft";

export function target(account: string, changes: Partial<DraftTarget> = {}): DraftTarget {
  return { id: `target-${account}`, account_id: account, kind: "post", ordinal: 0, own: {}, options: {}, ...changes };
}

export function draft(body: string, changes: Partial<Draft> = {}): Draft {
  return { brand_id: "brand", content: { ...emptyContent(), body }, targets: [], labels: [], scheduled_at: null, ...changes };
}

// A stored post with this text, as the server would answer.
export function post(body: string, version: number, changes: Partial<Post> = {}): Post {
  return {
    id: "post-1",
    workspace_id: "ws",
    brand_id: "brand",
    author: { id: "user", name: "Ann" },
    status: "draft",
    readiness: "ok",
    content: { body, media: [], link: null, first_comment: null, thread: [] },
    labels: [],
    scheduled_at: null,
    published_at: null,
    version,
    approved_version: null,
    created_at: "2026-11-22T09:00:00.000Z",
    updated_at: "2026-11-22T09:00:00.000Z",
    targets: [],
    ...changes,
  };
}
