import { useMutation } from "@tanstack/react-query";
import { useInvalidate } from "@/hooks/use_invalidate";
import { api, body, ifMatch } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { Body, Brand, Workspace } from "@/lib/api/types";

export type WorkspaceChange = Body<"/workspaces/{workspace}", "patch">;
export type BrandInput = Body<"/workspaces/{workspace}/brands", "post">;
export const approvalPolicies = ["none", "required", "required_self_allowed"] as const satisfies readonly NonNullable<
  BrandInput["approval_policy"]
>[];

export function useUpdateWorkspace() {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: ({ workspace, change }: { workspace: Workspace; change: WorkspaceChange }) =>
      body(
        api.PATCH("/workspaces/{workspace}", {
          params: { path: { workspace: workspace.id }, header: ifMatch(workspace.version) },
          body: change,
        }),
      ),
    // Its zone changes every time on screen.
    onSettled: (_answer, _error, { workspace }) => invalidate([workspace.id], keys.workspaces),
  });
}

export function useSaveBrand(ws: string) {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: ({ brand, input }: { brand: Brand | null; input: BrandInput }) =>
      brand === null
        ? body(api.POST("/workspaces/{workspace}/brands", { params: { path: { workspace: ws } }, body: input }))
        : body(
            api.PATCH("/workspaces/{workspace}/brands/{brand}", {
              params: { path: { workspace: ws, brand: brand.id }, header: ifMatch(brand.version) },
              body: input,
            }),
          ),
    onSettled: () => invalidate(keys.brands(ws)),
  });
}

export function useDeleteBrand(ws: string) {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: async (brand: string): Promise<void> => {
      await api.DELETE("/workspaces/{workspace}/brands/{brand}", { params: { path: { workspace: ws, brand } } });
    },
    onSuccess: () => invalidate([ws]),
  });
}

export function useUpdateMember(ws: string) {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: ({ user, role_id }: { user: string; role_id: string }) =>
      body(api.PATCH("/workspaces/{workspace}/members/{user}", { params: { path: { workspace: ws, user } }, body: { role_id } })),
    onSettled: () => invalidate(keys.members(ws)),
  });
}

export function useRemoveMember(ws: string) {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: async (user: string): Promise<void> => {
      await api.DELETE("/workspaces/{workspace}/members/{user}", { params: { path: { workspace: ws, user } } });
    },
    onSettled: () => invalidate(keys.members(ws)),
  });
}
