// What the composer edits: a post's shared content and, for each target, only the fields that differ from it.
import type { Content, Post, PostInput, PostPatch, TargetInput } from "@/lib/api/types";
import { uuid } from "@/lib/uuid";

// A picture in the tray. `alt` is "" where there is none; the addresses are for showing only.
export type DraftMedia = { asset_id: string; alt: string; thumbnail_url: string | null; url: string | null };
// One further post of a thread. `key` tells parts apart on screen and is never sent.
export type DraftPart = { key: string; body: string; media: DraftMedia[] };
// `link` and `first_comment` are "" where there is none.
export type DraftContent = { body: string; media: DraftMedia[]; link: string; first_comment: string; thread: DraftPart[] };
export type ContentField = keyof DraftContent;
export const contentFields: readonly ContentField[] = ["body", "media", "link", "first_comment", "thread"];

export type DraftTarget = {
  // Null until the server has stored the target.
  id: string | null;
  account_id: string;
  kind: string;
  ordinal: number;
  // Present = this target's own value; absent = the shared one.
  own: Partial<DraftContent>;
  options: Record<string, unknown>;
};

export type Draft = {
  brand_id: string;
  content: DraftContent;
  targets: DraftTarget[];
  // Label ids.
  labels: string[];
  // The planned instant, RFC 3339 UTC; null = not planned.
  scheduled_at: string | null;
};

// Where an edit goes: the shared content, or the target with this key.
export type Scope = "all" | (string & {});

export function emptyContent(): DraftContent {
  return { body: "", media: [], link: "", first_comment: "", thread: [] };
}

export function emptyDraft(brandId: string): Draft {
  return { brand_id: brandId, content: emptyContent(), targets: [], labels: [], scheduled_at: null };
}

export function newPart(): DraftPart {
  return { key: uuid(), body: "", media: [] };
}

export function targetKey(target: Pick<DraftTarget, "account_id" | "kind" | "ordinal">): string {
  return `${target.account_id}|${target.kind}|${target.ordinal}`;
}

export function findTarget(draft: Draft, scope: Scope): DraftTarget | undefined {
  return draft.targets.find((target) => targetKey(target) === scope);
}

// What a scope would publish: the target's own fields over the shared ones.
export function effectiveContent(draft: Draft, scope: Scope): DraftContent {
  return { ...draft.content, ...findTarget(draft, scope)?.own };
}

export function isOwn(draft: Draft, scope: Scope, field: ContentField): boolean {
  return findTarget(draft, scope)?.own[field] !== undefined;
}

export function differs(target: DraftTarget): boolean {
  return contentFields.some((field) => target.own[field] !== undefined);
}

// Writes one field: into the shared content, or as a target's own value (which detaches the field there).
export function withField<Field extends ContentField>(draft: Draft, scope: Scope, field: Field, value: DraftContent[Field]): Draft {
  if (scope === "all") return { ...draft, content: { ...draft.content, [field]: value } };
  return withTarget(draft, scope, (target) => ({ ...target, own: { ...target.own, [field]: value } }));
}

// The target follows the shared field again.
export function reattached(draft: Draft, scope: Scope, field: ContentField): Draft {
  return withTarget(draft, scope, (target) => {
    const own = { ...target.own };
    Reflect.deleteProperty(own, field);
    return { ...target, own };
  });
}

export function withOption(draft: Draft, scope: Scope, name: string, value: unknown): Draft {
  return withTarget(draft, scope, (target) => {
    const options = { ...target.options };
    if (value === undefined || value === "") Reflect.deleteProperty(options, name);
    else options[name] = value;
    return { ...target, options };
  });
}

function withTarget(draft: Draft, scope: Scope, change: (target: DraftTarget) => DraftTarget): Draft {
  return { ...draft, targets: draft.targets.map((target) => (targetKey(target) === scope ? change(target) : target)) };
}

// Adds the account as a target of its network's first kind, or takes all its targets out.
export function withAccount(draft: Draft, accountId: string, kind: string, selected: boolean): Draft {
  const others = draft.targets.filter((target) => target.account_id !== accountId);
  if (!selected) return { ...draft, targets: others };
  if (others.length < draft.targets.length) return draft;
  return { ...draft, targets: [...others, { id: null, account_id: accountId, kind, ordinal: 0, own: {}, options: {} }] };
}

// Nothing worth storing yet: an untouched composer makes no draft.
export function isBlank(draft: Draft): boolean {
  const { body, media, link, first_comment, thread } = draft.content;
  return body.trim() === "" && media.length === 0 && link === "" && first_comment === "" && thread.length === 0 && !draft.targets.some(differs);
}

export function draftFromPost(post: Post): Draft {
  return {
    brand_id: post.brand_id,
    content: contentIn(post.content),
    targets: post.targets.map((target) => ({
      id: target.id,
      account_id: target.account_id,
      kind: target.kind,
      ordinal: target.ordinal,
      own: ownIn(target),
      options: target.options,
    })),
    labels: post.labels.map((label) => label.id),
    scheduled_at: post.scheduled_at,
  };
}

type Shown = Content["media"];

function mediaIn(media: Shown): DraftMedia[] {
  return media.map(({ asset_id, alt, thumbnail_url, url }) => ({ asset_id, alt: alt ?? "", thumbnail_url, url }));
}

function threadIn(thread: Content["thread"]): DraftPart[] {
  // Keys follow the position: a draft read again shows the same parts at the same places.
  return thread.map((part, index) => ({ key: `part-${index}`, body: part.body, media: mediaIn(part.media) }));
}

function contentIn(content: Content): DraftContent {
  return {
    body: content.body,
    media: mediaIn(content.media),
    link: content.link ?? "",
    first_comment: content.first_comment ?? "",
    thread: threadIn(content.thread),
  };
}

// The override says which fields are the target's own; the effective content has them with what is needed to show them.
function ownIn(target: Post["targets"][number]): Partial<DraftContent> {
  const effective = contentIn(target.effective_content);
  const own: Partial<DraftContent> = {};
  for (const field of contentFields) {
    if (target.content[field] !== undefined) Object.assign(own, { [field]: effective[field] });
  }
  return own;
}

type SentMedia = { asset_id: string; alt: string | null };

function mediaOut(media: readonly DraftMedia[]): SentMedia[] {
  return media.map(({ asset_id, alt }) => ({ asset_id, alt: alt === "" ? null : alt }));
}

function threadOut(thread: readonly DraftPart[]): { body: string; media: SentMedia[] }[] {
  return thread.map(({ body, media }) => ({ body, media: mediaOut(media) }));
}

function contentOut(content: DraftContent): PostInput["content"] {
  return {
    body: content.body,
    media: mediaOut(content.media),
    link: content.link === "" ? null : content.link,
    first_comment: content.first_comment === "" ? null : content.first_comment,
    thread: threadOut(content.thread),
  };
}

function ownOut(own: Partial<DraftContent>): NonNullable<TargetInput["content"]> {
  return {
    ...(own.body !== undefined && { body: own.body }),
    ...(own.media !== undefined && { media: mediaOut(own.media) }),
    ...(own.link !== undefined && { link: own.link === "" ? null : own.link }),
    ...(own.first_comment !== undefined && { first_comment: own.first_comment === "" ? null : own.first_comment }),
    ...(own.thread !== undefined && { thread: threadOut(own.thread) }),
  };
}

function targetOut(target: DraftTarget): TargetInput {
  return {
    ...(target.id !== null && { id: target.id }),
    account_id: target.account_id,
    kind: target.kind,
    ordinal: target.ordinal,
    content: ownOut(target.own),
    options: target.options,
  };
}

// The body of a creation and of a preflight: new targets have no id.
export function inputOf(draft: Draft): PostInput & { targets: TargetInput[] } {
  return {
    brand_id: draft.brand_id,
    content: contentOut(draft.content),
    targets: draft.targets.map((target) => targetOut({ ...target, id: null })),
    labels: draft.labels,
    scheduled_at: draft.scheduled_at,
  };
}

// The merge patch that makes the stored post equal to the draft; its brand never changes. The time is named only when it
// changes: naming it would replace the wall clock and the targets' own times.
export function patchOf(draft: Draft, base: Draft): PostPatch {
  return {
    content: contentOut(draft.content),
    targets: draft.targets.map(targetOut),
    labels: draft.labels,
    ...(draft.scheduled_at !== base.scheduled_at && { scheduled_at: draft.scheduled_at }),
  };
}

// Equal as the server would store them.
export function sameDraft(a: Draft, b: Draft): boolean {
  return JSON.stringify(inputOf(a)) === JSON.stringify(inputOf(b));
}

// After a save: the stored ids and picture addresses of `post`, under whatever was typed meanwhile.
export function withStoredIds(draft: Draft, post: Post): Draft {
  const ids = new Map(post.targets.map((target) => [targetKey(target), target.id]));
  return { ...draft, targets: draft.targets.map((target) => ({ ...target, id: ids.get(targetKey(target)) ?? target.id })) };
}
