import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

// The pictures of a brand and those shared in the workspace, newest first, page after page.
export function mediaPagesQuery(ws: string, filters: { brand_id: string; q?: string }) {
  return infiniteQueryOptions({
    queryKey: [...keys.media(ws), "pages", filters] as const,
    queryFn: ({ signal, pageParam }) =>
      body(api.GET("/workspaces/{workspace}/media", { params: { path: { workspace: ws }, query: { ...filters, limit: 40, ...(pageParam !== null && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

// One asset: where a post carries only its id, and while it is being processed.
export function assetQuery(ws: string, asset: string) {
  return queryOptions({
    queryKey: [...keys.media(ws), "one", asset] as const,
    queryFn: ({ signal }) => body(api.GET("/workspaces/{workspace}/media/{asset}", { params: { path: { workspace: ws, asset } }, signal })),
    staleTime: 5 * 60_000,
  });
}
