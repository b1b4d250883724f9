import { brandScope, workspaceScope, type Scope } from "@/features/pausing/scope";
import { useBrandFilter, useBrands, useCanIn, useWorkspace } from "@/lib/workspace/context";

// What this person may pause or resume: the workspace first, then the brands (the chosen one ahead).
export function useScopes(): Scope[] {
  const workspace = useWorkspace();
  const brands = useBrands();
  const [chosen] = useBrandFilter();
  const canIn = useCanIn();
  const mine = brands
    .filter((brand) => canIn("posts.publish", brand.id))
    .sort((a, b) => Number(b.id === chosen?.id) - Number(a.id === chosen?.id));
  // The workspace as a whole asks for the right in the workspace, not just in one brand of it.
  const whole = workspace.my_permissions.includes("posts.publish") ? [workspaceScope(workspace)] : [];
  return [...whole, ...mine.map(brandScope)];
}

export function usePausedScopes(): Scope[] {
  const workspace = useWorkspace();
  const brands = useBrands();
  return [workspaceScope(workspace), ...brands.map(brandScope)].filter((scope) => scope.pause !== null);
}
