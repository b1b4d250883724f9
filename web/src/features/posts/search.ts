// What the list of posts keeps in the address.
import type { PostStatus } from "@/lib/api/types";

export const statuses = [
  "draft",
  "pending_approval",
  "scheduled",
  "publishing",
  "needs_attention",
  "published",
  "partially_published",
  "failed",
  "cancelled",
] as const satisfies readonly PostStatus[];

export type Search = {
  q?: string;
  status?: PostStatus;
  account?: string;
  network?: string;
  label?: string;
  author?: string;
};

const textFilters = ["account", "network", "label", "author"] as const;

export function validateSearch(search: Record<string, unknown>): Search {
  const found: Search = {};
  const status = statuses.find((candidate) => candidate === search["status"]);
  if (status !== undefined) found.status = status;
  // A search for a number arrives as one.
  const q = search["q"];
  if ((typeof q === "string" && q !== "") || typeof q === "number") found.q = String(q);
  for (const name of textFilters) {
    const value = search[name];
    if (typeof value === "string" && value !== "") found[name] = value;
  }
  return found;
}
