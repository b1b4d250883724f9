import { useCallback } from "react";
import { useQueryClient, type QueryKey } from "@tanstack/react-query";

// Marks these stale and goes on at once. A mutation that waited for the refetch would tell its caller only after the
// screen has changed: a form that the new state replaces would never hear that it succeeded.
export function useInvalidate(): (...queryKeys: QueryKey[]) => void {
  const client = useQueryClient();
  return useCallback(
    (...queryKeys) => {
      for (const queryKey of queryKeys) void client.invalidateQueries({ queryKey });
    },
    [client],
  );
}
