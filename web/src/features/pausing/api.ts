import { useMutation } from "@tanstack/react-query";
import { useInvalidate } from "@/hooks/use_invalidate";
import { api } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { Body } from "@/lib/api/types";
import type { Scope } from "@/features/pausing/scope";

export type PauseInput = Body<"/workspaces/{workspace}/pause", "post">;
export type ResumeInput = Body<"/workspaces/{workspace}/resume", "post">;
export type ResumeThen = ResumeInput["then"];

// After the server's answer nothing more starts in that scope.
export function usePause(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: async ({ scope, input }: { scope: Scope; input: PauseInput }): Promise<void> => {
      if (scope.kind === "workspace") await api.POST("/workspaces/{workspace}/pause", { params: { path: { workspace: ws } }, body: input });
      else
        await api.POST("/workspaces/{workspace}/brands/{brand}/pause", {
          params: { path: { workspace: ws, brand: scope.id } },
          body: input,
        });
    },
    onSuccess: refresh,
  });
}

export function useResume(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: async ({ scope, input }: { scope: Scope; input: ResumeInput }): Promise<void> => {
      if (scope.kind === "workspace")
        await api.POST("/workspaces/{workspace}/resume", { params: { path: { workspace: ws } }, body: input });
      else
        await api.POST("/workspaces/{workspace}/brands/{brand}/resume", {
          params: { path: { workspace: ws, brand: scope.id } },
          body: input,
        });
    },
    onSuccess: refresh,
  });
}

// Everything below the scope changes with it: posts are held or released.
function useRefresh(ws: string) {
  const invalidate = useInvalidate();
  return () => invalidate(keys.workspace(ws), keys.brands(ws), keys.accounts(ws), keys.posts(ws), keys.calendars(ws));
}
