// What the signed-in person may do here. The server decides each request anew; this only hides what it would refuse.
export type Permission =
  | "posts.view"
  | "posts.create"
  | "posts.edit"
  | "posts.delete"
  | "posts.schedule"
  | "posts.publish"
  | "posts.approve"
  | "posts.comment"
  | "comments.internal"
  | "brands.view"
  | "brands.create"
  | "brands.edit"
  | "brands.delete"
  | "accounts.view"
  | "accounts.connect"
  | "accounts.disconnect"
  | "media.view"
  | "media.upload"
  | "media.edit"
  | "media.delete"
  | "templates.manage"
  | "labels.manage"
  | "slots.manage"
  | "users.view"
  | "users.invite"
  | "users.manage"
  | "roles.manage"
  | "analytics.view"
  | "analytics.export"
  | "audit.view"
  | "audit.export"
  | "workspace.settings"
  | "workspace.branding"
  | "workspace.domain"
  | "workspace.delete"
  | "apitokens.manage"
  | "webhooks.manage"
  | "billing.manage";

export type Rights = {
  workspace: readonly string[];
  // Only brands where the person has another role than in the workspace.
  brands: Readonly<Record<string, readonly string[]>>;
};

// Inside a brand its own role decides, alone, where there is one. Without a brand: allowed somewhere.
export function can(rights: Rights, permission: Permission, brandId?: string | null): boolean {
  if (brandId != null) {
    const own = rights.brands[brandId];
    return (own ?? rights.workspace).includes(permission);
  }
  return rights.workspace.includes(permission) || Object.values(rights.brands).some((own) => own.includes(permission));
}
