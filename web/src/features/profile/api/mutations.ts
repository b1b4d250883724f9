import { queryOptions, useMutation } from "@tanstack/react-query";
import { useInvalidate } from "@/hooks/use_invalidate";
import { api, body } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { session } from "@/lib/api/session";
import type { Body } from "@/lib/api/types";

export function useUpdateMe() {
  return useMutation({
    mutationFn: (change: Body<"/auth/me", "patch">) => body(api.PATCH("/auth/me", { body: change })),
    onSuccess: (user) => session.userChanged(user),
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: async (input: Body<"/auth/password/change", "post">): Promise<void> => {
      await api.POST("/auth/password/change", { body: input });
    },
  });
}

export function sessionsQuery() {
  return queryOptions({ queryKey: keys.sessions, queryFn: async ({ signal }) => (await body(api.GET("/auth/sessions", { signal }))).data });
}

export function useEndSession() {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: async (id: string): Promise<void> => {
      await api.DELETE("/auth/sessions/{session}", { params: { path: { session: id } } });
    },
    onSuccess: () => invalidate(keys.sessions),
  });
}
