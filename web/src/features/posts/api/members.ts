import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

// Who writes here: for the filter by author.
export function membersQuery(ws: string) {
  return queryOptions({
    queryKey: keys.members(ws),
    queryFn: async ({ signal }) => (await body(api.GET("/workspaces/{workspace}/members", { params: { path: { workspace: ws } }, signal }))).data,
    staleTime: 60_000,
  });
}
