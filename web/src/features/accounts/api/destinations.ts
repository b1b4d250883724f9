import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

// Pages, organisations or the one profile that a fresh consent opened.
export function destinationsQuery(ws: string, connection: string) {
  return queryOptions({
    queryKey: keys.connection(ws, connection),
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/workspaces/{workspace}/connections/{connection}/destinations", {
            params: { path: { workspace: ws, connection } },
            signal,
          }),
        )
      ).data,
    // It is asked of the network itself.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
