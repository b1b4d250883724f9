// The workspace in front of the person: its object, brands, rights, clock.
import { createContext, use, useCallback, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "@tanstack/react-query";
import { brandsQuery } from "@/lib/api/queries";
import { session } from "@/lib/api/session";
import type { Brand, User, Workspace } from "@/lib/api/types";
import { formatFor, type Format } from "@/lib/format";
import { formatLocale } from "@/lib/i18n";
import { preference, usePreference } from "@/lib/preference";
import { can, type Permission, type Rights } from "@/lib/workspace/rights";
import { rightsOf } from "@/lib/workspace/read";

const WorkspaceContext = createContext<Workspace | null>(null);

// Which workspace this browser had open last.
export const lastWorkspace = preference<string | null>("mypost.workspace", null);
// The brand that lists are narrowed to; null = all brands.
const chosenBrand = preference<string | null>("mypost.brand", null);

export function WorkspaceProvider({ workspace, children }: { workspace: Workspace; children: ReactNode }) {
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>;
}

export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext);
  if (workspace === null) throw new Error("useWorkspace belongs inside the signed-in layout");
  return workspace;
}

export function useSessionUser(): User | null {
  const state = useSyncExternalStore(session.subscribe, session.get);
  return state.status === "signed_in" ? state.user : null;
}

export function useBrands(): Brand[] {
  const workspace = useWorkspace();
  return useQuery(brandsQuery(workspace.id)).data ?? noBrands;
}
const noBrands: Brand[] = [];

// The chosen brand, or null for all. A choice from another workspace counts as all.
export function useBrandFilter(): [Brand | null, (brandId: string | null) => void] {
  const brands = useBrands();
  const [id, set] = usePreference(chosenBrand);
  const brand = brands.find((candidate) => candidate.id === id) ?? null;
  return [brand, set];
}

export function useRights(): Rights {
  const workspace = useWorkspace();
  return useMemo(() => rightsOf(workspace), [workspace]);
}

// useCan("posts.publish", brandId): may the person do that in this brand. Without a brand: in any.
export function useCan(permission: Permission, brandId?: string | null): boolean {
  return can(useRights(), permission, brandId);
}

// The same for code that asks about many brands.
export function useCanIn(): (permission: Permission, brandId?: string | null) => boolean {
  const rights = useRights();
  return useCallback((permission, brandId) => can(rights, permission, brandId), [rights]);
}

// Dates and numbers in the workspace's zone (or `zone`, for a brand with its own).
export function useFormat(zone?: string | null): Format {
  const workspace = use(WorkspaceContext);
  // Subscribes to the language, so that the caller renders again when it changes.
  const { i18n } = useTranslation();
  const own = useSessionUser()?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return formatFor(formatLocale(i18n.language), zone ?? workspace?.time_zone ?? own, own);
}
