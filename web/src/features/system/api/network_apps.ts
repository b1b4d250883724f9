import { useMutation } from "@tanstack/react-query";
import { useInvalidate } from "@/hooks/use_invalidate";
import { api } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { Body } from "@/lib/api/types";

export type NetworkAppInput = Body<"/system/network-apps/{network}", "put">;

export function useSaveNetworkApp() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ network, input }: { network: string; input: NetworkAppInput }): Promise<void> => {
      await api.PUT("/system/network-apps/{network}", { params: { path: { network } }, body: input });
    },
    onSuccess: refresh,
  });
}

export function useDeleteNetworkApp() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (network: string): Promise<void> => {
      await api.DELETE("/system/network-apps/{network}", { params: { path: { network } } });
    },
    onSuccess: refresh,
  });
}

function useRefresh() {
  const invalidate = useInvalidate();
  return () => invalidate(keys.systemNetworkApps, keys.networks);
}
