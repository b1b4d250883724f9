// The one place that knows how the server spells rights and roles.
import type { Member, Role, Workspace } from "@/lib/api/types";
import type { Rights } from "@/lib/workspace/rights";

export function rightsOf(workspace: Workspace): Rights {
  return { workspace: workspace.my_permissions, brands: workspace.my_brand_permissions };
}

// The member's role in the workspace as a whole; null when they only have roles in single brands.
export function roleOf(member: Member, roles: readonly Role[]): Role | null {
  return roles.find(({ id }) => id === member.role_id) ?? null;
}
