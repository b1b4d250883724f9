// What can be paused as a whole, and what is paused now.
import type { Brand, Workspace } from "@/lib/api/types";

export type Pause = { reason: string; until: string | null; since: string };
export type Scope = { kind: "workspace" | "brand"; id: string; name: string; pause: Pause | null };

export function workspaceScope(workspace: Workspace): Scope {
  return { kind: "workspace", id: workspace.id, name: workspace.name, pause: readPause(workspace) };
}

export function brandScope(brand: Brand): Scope {
  return { kind: "brand", id: brand.id, name: brand.name, pause: readPause(brand) };
}

function readPause(holder: Pick<Workspace, "paused">): Pause | null {
  const pause = holder.paused;
  return pause == null ? null : { reason: pause.reason, until: pause.until ?? null, since: pause.since };
}
