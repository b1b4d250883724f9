// The filters that lists and calendar share, as the address spells them and as the server does.
import type { PostStatus } from "@/lib/api/types";

export type PostFilter = { status?: PostStatus; network?: string; account?: string; label?: string; author?: string };

export const filterNames = ["status", "network", "account", "label", "author"] as const satisfies readonly (keyof PostFilter)[];

export type ServerFilter = { status?: PostStatus; network?: string; account_id?: string; label_id?: string; author_id?: string; brand_id?: string };

export function serverFilter(filter: PostFilter, brandId: string | null): ServerFilter {
  return {
    ...(brandId !== null && { brand_id: brandId }),
    ...(filter.status !== undefined && { status: filter.status }),
    ...(filter.network !== undefined && { network: filter.network }),
    ...(filter.account !== undefined && { account_id: filter.account }),
    ...(filter.label !== undefined && { label_id: filter.label }),
    ...(filter.author !== undefined && { author_id: filter.author }),
  };
}

export function filterOf(search: PostFilter): PostFilter {
  return Object.fromEntries(filterNames.filter((name) => search[name] !== undefined).map((name) => [name, search[name]]));
}
