// Keys of the query cache. What belongs to a workspace starts with its id, so that a `resync`, or leaving the
// workspace, can drop it in one call; live events (lib/live) patch and invalidate by these and nothing else.
import type { CalendarFilters, PostFilters } from "@/lib/api/types";

export const keys = {
  setup: ["setup"] as const,
  me: ["me"] as const,
  sessions: ["me", "sessions"] as const,
  workspaces: ["workspaces"] as const,
  networks: ["networks"] as const,
  systemNetworkApps: ["system", "network-apps"] as const,

  workspace: (ws: string) => [ws, "workspace"] as const,
  brands: (ws: string) => [ws, "brands"] as const,
  members: (ws: string) => [ws, "members"] as const,
  roles: (ws: string) => [ws, "roles"] as const,
  labels: (ws: string) => [ws, "labels"] as const,
  accounts: (ws: string) => [ws, "accounts"] as const,
  connection: (ws: string, connection: string) => [ws, "connections", connection] as const,
  posts: (ws: string) => [ws, "posts"] as const,
  postLists: (ws: string) => [ws, "posts", "list"] as const,
  postList: (ws: string, filters: PostFilters) => [ws, "posts", "list", filters] as const,
  post: (ws: string, post: string) => [ws, "posts", "one", post] as const,
  attempts: (ws: string, post: string) => [ws, "posts", "one", post, "attempts"] as const,
  versions: (ws: string, post: string) => [ws, "posts", "one", post, "versions"] as const,
  calendars: (ws: string) => [ws, "calendar"] as const,
  calendar: (ws: string, filters: CalendarFilters) => [ws, "calendar", filters] as const,
  media: (ws: string) => [ws, "media"] as const,
};
