// The server's verdict on the draft, a moment after typing stops.
import { useEffect, useMemo, useState } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Issue } from "@/lib/api/types";
import { validateQuery } from "./api/posts";
import { type Draft, inputOf } from "./model/draft";

const quietMs = 500;

export type Preflight = { issues: readonly Issue[]; checking: boolean; error: unknown };

const none: readonly Issue[] = [];

export function usePreflight(ws: string, draft: Draft): Preflight {
  const input = useMemo(() => JSON.stringify(inputOf(draft)), [draft]);
  const [settled, setSettled] = useState(input);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(input), quietMs);
    return () => clearTimeout(timer);
  }, [input]);
  const enabled = draft.targets.length > 0;
  const query = useQuery({ ...validateQuery(ws, JSON.parse(settled) as ReturnType<typeof inputOf>), enabled, placeholderData: keepPreviousData });
  return { issues: enabled ? (query.data ?? none) : none, checking: enabled && (query.isFetching || settled !== input), error: query.error };
}
