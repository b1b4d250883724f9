// The one place that knows how the workspace object spells a person's rights.
import type { Workspace } from "@/lib/api/types";
import type { Rights } from "@/lib/workspace/rights";

export function rightsOf(workspace: Workspace): Rights {
  return { workspace: workspace.my_permissions, brands: workspace.my_brand_permissions };
}
