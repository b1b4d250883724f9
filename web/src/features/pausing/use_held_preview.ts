import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import type { Scope } from "@/features/pausing/scope";
import { calendarQuery } from "@/lib/api/queries";
import { useWorkspace } from "@/lib/workspace/context";

// How far ahead the preview looks; what lies beyond is held just the same.
const aheadMs = 30 * 86_400_000;

export type HeldPreview = { count: number; next: string | null };

// The scheduled posts of the next 30 days that a pause of `scope` would hold. Null while loading.
export function useHeldPreview(scope: Scope): HeldPreview | null {
  const workspace = useWorkspace();
  const [now] = useState(() => Date.now());
  const range = { from: new Date(now).toISOString(), to: new Date(now + aheadMs).toISOString() };
  const query = useQuery(calendarQuery(workspace.id, { ...range, ...(scope.kind === "brand" ? { brand_id: scope.id } : {}) }));
  if (query.data === undefined) return null;
  const due = query.data.data.filter((item) => item.status === "scheduled");
  return { count: due.length, next: due[0]?.scheduled_at ?? null };
}
