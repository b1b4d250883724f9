// Where a preflight issue is mended: the tab and the control to go to.
import type { Issue } from "@/lib/api/types";
import { type ContentField, type Draft, isOwn, type Scope, targetKey } from "./draft";

export type Place = {
  scope: Scope;
  // Id of the control, see controlId.
  control: string;
};

// Ids of the composer's controls; one editor is on screen at a time.
export const controlId = {
  accounts: "composer-accounts",
  body: "composer-body",
  thread: (index: number) => `composer-thread-${index}`,
  media: (part: number) => `composer-media-${part}`,
  alt: (part: number, index: number) => `composer-alt-${part}-${index}`,
  link: "composer-link",
  firstComment: "composer-first-comment",
  option: (name: string) => `composer-option-${name}`,
  schedule: "composer-schedule",
};

// The part as a position: 0 is the post itself, 1… its thread ("thread/1", …).
export function partIndex(part: string): number {
  return Number(/^thread\/(\d+)$/.exec(part)?.[1] ?? 0);
}

function controlOf(field: string, part: number): { control: string; content: ContentField | null } {
  const path = field.replace(/^\//, "").replace(/^content\//, "").split("/");
  const [head = "", index = "", rest = ""] = path;
  if (head === "media") {
    const content = part > 0 ? "thread" : "media";
    return { control: rest === "alt" ? controlId.alt(part, Number(index)) : controlId.media(part), content };
  }
  if (head === "options") return { control: controlId.option(index), content: null };
  if (head === "thread") {
    const [inner = "", at = "", leaf = ""] = path.slice(2);
    const position = Number(index) + 1;
    if (inner === "media") return { control: leaf === "alt" ? controlId.alt(position, Number(at)) : controlId.media(position), content: "thread" };
    return { control: controlId.thread(Number(index)), content: "thread" };
  }
  if (head === "link") return { control: controlId.link, content: "link" };
  if (head === "first_comment") return { control: controlId.firstComment, content: "first_comment" };
  if (head === "scheduled_at") return { control: controlId.schedule, content: null };
  if (head === "targets" || head === "account_id" || head === "brand_id") return { control: controlId.accounts, content: null };
  return part > 0 ? { control: controlId.thread(part - 1), content: "thread" } : { control: controlId.body, content: "body" };
}

// The server points into the draft as it was sent: "/content/body", "/targets/1/content/media/0", "/targets/0/options/…".
export function placeOf(issue: Pick<Issue, "account_id" | "part" | "field">, draft: Draft): Place {
  const inTarget = /^\/targets\/(\d+)\/(?:content\/)?(.+)$/.exec(issue.field);
  const named = inTarget === null ? undefined : draft.targets[Number(inTarget[1])];
  if (inTarget !== null && named !== undefined) {
    const { control } = controlOf(inTarget[2] ?? "", partIndex(issue.part));
    return { scope: control === controlId.accounts ? "all" : targetKey(named), control };
  }
  const isComment = issue.part === "first_comment";
  const { control, content } = isComment ? ({ control: controlId.firstComment, content: "first_comment" } as const) : controlOf(issue.field, partIndex(issue.part));
  const target = draft.targets.find((candidate) => candidate.account_id === issue.account_id);
  if (target === undefined) return { scope: "all", control };
  const key = targetKey(target);
  const isTargetsOwn = content === null ? control.startsWith("composer-option") : isOwn(draft, key, content);
  return { scope: isTargetsOwn ? key : "all", control };
}
