import { QueryClient } from "@tanstack/react-query";
import { isApiError } from "@/lib/api/error";

// Worth asking again: no answer, a busy server. A refusal stays a refusal.
function mayRetry(failures: number, error: unknown): boolean {
  return failures < 2 && isApiError(error) && (error.status === 0 || error.status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Live events say when something changed; within this time a view opens from the cache alone.
      staleTime: 10_000,
      gcTime: 10 * 60_000,
      retry: mayRetry,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
