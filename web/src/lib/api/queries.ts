// Requests that more than one feature makes: one queryOptions each, for route loaders and components alike.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { CalendarFilters, PostFilters } from "@/lib/api/types";

const rarelyChanges = 5 * 60_000;

export function meQuery() {
  return queryOptions({ queryKey: keys.me, queryFn: ({ signal }) => body(api.GET("/auth/me", { signal })) });
}

export function workspacesQuery() {
  return queryOptions({
    queryKey: keys.workspaces,
    queryFn: async ({ signal }) => (await body(api.GET("/workspaces", { signal }))).data,
    staleTime: rarelyChanges,
  });
}

export function workspaceQuery(ws: string) {
  return queryOptions({
    queryKey: keys.workspace(ws),
    queryFn: ({ signal }) => body(api.GET("/workspaces/{workspace}", { params: { path: { workspace: ws } }, signal })),
    staleTime: 60_000,
  });
}

export function brandsQuery(ws: string) {
  return queryOptions({
    queryKey: keys.brands(ws),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/workspaces/{workspace}/brands", { params: { path: { workspace: ws } }, signal }))).data,
    staleTime: 60_000,
  });
}

export function accountsQuery(ws: string) {
  return queryOptions({
    queryKey: keys.accounts(ws),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/workspaces/{workspace}/accounts", { params: { path: { workspace: ws } }, signal }))).data,
  });
}

export function networksQuery() {
  return queryOptions({
    queryKey: keys.networks,
    queryFn: async ({ signal }) => (await body(api.GET("/networks", { signal }))).data,
    staleTime: rarelyChanges,
  });
}

export function labelsQuery(ws: string) {
  return queryOptions({
    queryKey: keys.labels(ws),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/workspaces/{workspace}/labels", { params: { path: { workspace: ws } }, signal }))).data,
    staleTime: rarelyChanges,
  });
}

export function postQuery(ws: string, post: string) {
  return queryOptions({
    queryKey: keys.post(ws, post),
    queryFn: ({ signal }) => body(api.GET("/workspaces/{workspace}/posts/{post}", { params: { path: { workspace: ws, post } }, signal })),
  });
}

// One page of posts. Order: planned time, those without one last.
export function postListQuery(ws: string, filters: PostFilters) {
  return queryOptions({
    queryKey: keys.postList(ws, filters),
    queryFn: ({ signal }) =>
      body(api.GET("/workspaces/{workspace}/posts", { params: { path: { workspace: ws }, query: filters }, signal })),
  });
}

// The same list page after page.
export function postPagesQuery(ws: string, filters: Omit<PostFilters, "cursor">) {
  return infiniteQueryOptions({
    queryKey: [...keys.postLists(ws), "pages", filters] as const,
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET("/workspaces/{workspace}/posts", {
          params: { path: { workspace: ws }, query: pageParam === null ? filters : { ...filters, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function calendarQuery(ws: string, filters: CalendarFilters) {
  return queryOptions({
    queryKey: keys.calendar(ws, filters),
    queryFn: ({ signal }) =>
      body(api.GET("/workspaces/{workspace}/calendar", { params: { path: { workspace: ws }, query: filters }, signal })),
    placeholderData: (previous) => previous,
  });
}

export function attemptsQuery(ws: string, post: string) {
  return queryOptions({
    queryKey: keys.attempts(ws, post),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/workspaces/{workspace}/posts/{post}/attempts", { params: { path: { workspace: ws, post } }, signal }))).data,
  });
}

export function versionsQuery(ws: string, post: string) {
  return queryOptions({
    queryKey: keys.versions(ws, post),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/workspaces/{workspace}/posts/{post}/versions", { params: { path: { workspace: ws, post } }, signal }))).data,
  });
}

export function membersQuery(ws: string) {
  return queryOptions({
    queryKey: keys.members(ws),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/workspaces/{workspace}/members", { params: { path: { workspace: ws } }, signal }))).data,
  });
}

export function rolesQuery(ws: string) {
  return queryOptions({
    queryKey: keys.roles(ws),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/workspaces/{workspace}/roles", { params: { path: { workspace: ws } }, signal }))).data,
    staleTime: rarelyChanges,
  });
}

// Whether the installation still needs its first user, and what its demo mode offers. Public.
export function setupQuery() {
  return queryOptions({
    queryKey: keys.setup,
    queryFn: ({ signal }) => body(api.GET("/setup", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

// The installation's app credentials at each network, without secrets; system administrators only.
export function networkAppsQuery() {
  return queryOptions({
    queryKey: keys.systemNetworkApps,
    queryFn: async ({ signal }) => (await body(api.GET("/system/network-apps", { signal }))).data,
  });
}
