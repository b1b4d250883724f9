// Pictures of the post and of its thread's parts.
import type { Asset } from "@/lib/api/types";
import { type Draft, type DraftContent, type DraftMedia, effectiveContent, type Scope, withField } from "./draft";

// "post", or the key of a part of the thread.
export type PartKey = "post" | (string & {});

export function mediaAt(content: DraftContent, part: PartKey): DraftMedia[] {
  return part === "post" ? content.media : (content.thread.find((candidate) => candidate.key === part)?.media ?? []);
}

export function withMediaAt(draft: Draft, scope: Scope, part: PartKey, update: (media: DraftMedia[]) => DraftMedia[]): Draft {
  const content = effectiveContent(draft, scope);
  if (part === "post") return withField(draft, scope, "media", update(content.media));
  return withField(
    draft,
    scope,
    "thread",
    content.thread.map((candidate) => (candidate.key === part ? { ...candidate, media: update(candidate.media) } : candidate)),
  );
}

function mediaOfAsset(asset: Asset): DraftMedia {
  return { asset_id: asset.id, alt: asset.alt, thumbnail_url: asset.thumbnail_url, url: asset.url };
}

// A post holds a picture once: the same bytes uploaded again are the same asset.
export function withAsset(media: DraftMedia[], asset: Asset): DraftMedia[] {
  return media.some((item) => item.asset_id === asset.id) ? media : [...media, mediaOfAsset(asset)];
}

// `items` with the one at `from` standing at `to`.
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = [...items];
  const [item] = rest.splice(from, 1);
  if (item === undefined) return rest;
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, item);
  return rest;
}
