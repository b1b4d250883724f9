import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { Workspace } from "@/lib/api/types";

export type FirstPlace = { workspace: Workspace; brandId: string };

// The workspace that set-up made, and a brand to connect the first account to: the first there is, else one named
// like the workspace (who works for one company never has to learn what a brand is).
export function firstPlaceQuery() {
  return queryOptions({
    queryKey: ["first-place"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<FirstPlace> => {
      const { data: workspaces } = await body(api.GET("/workspaces"));
      const ws = workspaces[0]?.id;
      if (ws === undefined) throw new Error("Set-up made no workspace");
      const workspace = await body(api.GET("/workspaces/{workspace}", { params: { path: { workspace: ws } } }));
      const { data: brands } = await body(api.GET("/workspaces/{workspace}/brands", { params: { path: { workspace: ws } } }));
      const brand =
        brands[0] ??
        (await body(api.POST("/workspaces/{workspace}/brands", { params: { path: { workspace: ws } }, body: { name: workspace.name } })));
      return { workspace, brandId: brand.id };
    },
  });
}
