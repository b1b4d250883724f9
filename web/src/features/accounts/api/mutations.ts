import { useMutation } from "@tanstack/react-query";
import { useInvalidate } from "@/hooks/use_invalidate";
import { api, body } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { Body } from "@/lib/api/types";

export type AuthorizeInput = Body<"/workspaces/{workspace}/brands/{brand}/accounts/authorize", "post">;
export type CredentialsInput = Body<"/workspaces/{workspace}/brands/{brand}/accounts/connect", "post">;
export type ResumeThen = Body<"/workspaces/{workspace}/accounts/{account}/resume", "post">["then"];

// Where the browser must go to ask the network for consent.
export function useAuthorize(ws: string) {
  return useMutation({
    mutationFn: ({ brand, input }: { brand: string; input: AuthorizeInput }) =>
      body(
        api.POST("/workspaces/{workspace}/brands/{brand}/accounts/authorize", { params: { path: { workspace: ws, brand } }, body: input }),
      ),
  });
}

export function useConnectByCredentials(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: ({ brand, input }: { brand: string; input: CredentialsInput }) =>
      body(
        api.POST("/workspaces/{workspace}/brands/{brand}/accounts/connect", { params: { path: { workspace: ws, brand } }, body: input }),
      ),
    onSuccess: refresh,
  });
}

export function useConnectDestinations(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: async ({ connection, ids }: { connection: string; ids: string[] }) =>
      (
        await body(
          api.POST("/workspaces/{workspace}/connections/{connection}/accounts", {
            params: { path: { workspace: ws, connection } },
            body: { destination_ids: ids },
          }),
        )
      ).data,
    onSuccess: refresh,
  });
}

export function usePauseAccount(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: ({ account, reason }: { account: string; reason: string }) =>
      body(
        api.POST("/workspaces/{workspace}/accounts/{account}/pause", { params: { path: { workspace: ws, account } }, body: { reason } }),
      ),
    onSuccess: refresh,
  });
}

export function useResumeAccount(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: ({ account, then }: { account: string; then: ResumeThen }) =>
      body(api.POST("/workspaces/{workspace}/accounts/{account}/resume", { params: { path: { workspace: ws, account } }, body: { then } })),
    onSuccess: refresh,
  });
}

export function useDisconnect(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: async (account: string): Promise<void> => {
      await api.DELETE("/workspaces/{workspace}/accounts/{account}", { params: { path: { workspace: ws, account } } });
    },
    onSuccess: refresh,
  });
}

export function useRefreshAccount(ws: string) {
  const refresh = useRefresh(ws);
  return useMutation({
    mutationFn: (account: string) =>
      body(api.POST("/workspaces/{workspace}/accounts/{account}/refresh", { params: { path: { workspace: ws, account } } })),
    onSuccess: refresh,
  });
}

// An account's state decides the readiness of its posts.
function useRefresh(ws: string) {
  const invalidate = useInvalidate();
  return () => invalidate(keys.accounts(ws), keys.calendars(ws));
}
