// What the calendar keeps in the address: the view, the day it is turned to, and the filters.
import type { PostStatus } from "@/lib/api/types";
import { isLocalDate } from "./model/dates";

export const views = ["month", "week", "list"] as const;
export type View = (typeof views)[number];

export type Search = {
  view?: View;
  // Any day of the shown span; absent = today.
  date?: string;
  account?: string;
  network?: string;
  label?: string;
  status?: PostStatus;
  author?: string;
};

const textFilters = ["account", "network", "label", "author"] as const;
const statuses: readonly string[] = ["draft", "pending_approval", "scheduled", "publishing", "needs_attention", "published", "partially_published", "failed", "cancelled"];

function isView(value: unknown): value is View {
  return (views as readonly unknown[]).includes(value);
}

function isStatus(value: unknown): value is PostStatus {
  return typeof value === "string" && statuses.includes(value);
}

export function validateSearch(search: Record<string, unknown>): Search {
  const found: Search = {};
  if (isView(search["view"])) found.view = search["view"];
  if (isLocalDate(search["date"])) found.date = search["date"];
  if (isStatus(search["status"])) found.status = search["status"];
  for (const name of textFilters) {
    const value = search[name];
    if (typeof value === "string" && value !== "") found[name] = value;
  }
  return found;
}
