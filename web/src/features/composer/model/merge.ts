// Two people edited one post. Each difference is one row with both values; nobody's text is dropped unseen.
import { contentFields, type ContentField, type Draft, type DraftTarget, targetKey } from "./draft";

export type Side = "mine" | "theirs";

export type Difference = {
  // Identifies the row: "content.body", "labels", "target:<key>.own.body", …
  slot: string;
  field: ContentField | "labels" | "scheduled_at" | "target" | "options";
  // The target the row is about; null = the shared content.
  target: DraftTarget | null;
  mine: unknown;
  theirs: unknown;
  // The side that changed since both began; "mine" when both did.
  suggested: Side;
  // Both sides changed it: a person must look.
  conflict: boolean;
};

type Slots = Map<string, { field: Difference["field"]; target: DraftTarget | null; value: unknown }>;

function slotsOf(draft: Draft): Slots {
  const slots: Slots = new Map();
  for (const field of contentFields) slots.set(`content.${field}`, { field, target: null, value: draft.content[field] });
  slots.set("labels", { field: "labels", target: null, value: [...draft.labels].sort() });
  slots.set("scheduled_at", { field: "scheduled_at", target: null, value: draft.scheduled_at });
  for (const target of draft.targets) {
    const key = targetKey(target);
    slots.set(`target:${key}`, { field: "target", target, value: true });
    slots.set(`target:${key}.options`, { field: "options", target, value: target.options });
    for (const field of contentFields) {
      if (target.own[field] !== undefined) slots.set(`target:${key}.own.${field}`, { field, target, value: target.own[field] });
    }
  }
  return slots;
}

// What would be stored: the screen's keys and addresses do not make a difference.
const shownOnly = new Set(["key", "thumbnail_url", "url", "id"]);

function comparable(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, (name, inner: unknown) => (shownOnly.has(name) ? undefined : inner));
}

// Rows where `mine` and `theirs` differ. `base` is what both started from.
export function differences(base: Draft, mine: Draft, theirs: Draft): Difference[] {
  const [before, my, their] = [slotsOf(base), slotsOf(mine), slotsOf(theirs)];
  const rows: Difference[] = [];
  for (const slot of new Set([...my.keys(), ...their.keys()])) {
    const [myValue, theirValue] = [my.get(slot)?.value, their.get(slot)?.value];
    const [mineText, theirText, baseText] = [comparable(myValue), comparable(theirValue), comparable(before.get(slot)?.value)];
    if (mineText === theirText) continue;
    const found = my.get(slot) ?? their.get(slot);
    if (!found || isCoveredByTarget(slot, my, their)) continue;
    const iChanged = mineText !== baseText;
    const theyChanged = theirText !== baseText;
    rows.push({
      slot,
      field: found.field,
      target: found.target,
      mine: myValue,
      theirs: theirValue,
      suggested: iChanged ? "mine" : "theirs",
      conflict: iChanged && theyChanged,
    });
  }
  return rows;
}

// A target that only one side has is one row; its fields go with it.
function isCoveredByTarget(slot: string, my: Slots, their: Slots): boolean {
  const match = /^(target:[^.]+)\./.exec(slot);
  const whole = match?.[1];
  return whole !== undefined && my.has(whole) !== their.has(whole);
}

// `theirs` with every row's chosen side. Rows without a choice take their suggestion.
export function merged(rows: readonly Difference[], choices: ReadonlyMap<string, Side>, mine: Draft, theirs: Draft): Draft {
  const takesMine = (slot: string): boolean => {
    const row = rows.find((candidate) => candidate.slot === slot);
    return row !== undefined && (choices.get(slot) ?? row.suggested) === "mine";
  };
  const content = { ...theirs.content };
  for (const field of contentFields) {
    if (takesMine(`content.${field}`)) Object.assign(content, { [field]: mine.content[field] });
  }
  return {
    brand_id: theirs.brand_id,
    content,
    targets: mergedTargets(takesMine, mine, theirs),
    labels: takesMine("labels") ? mine.labels : theirs.labels,
    scheduled_at: takesMine("scheduled_at") ? mine.scheduled_at : theirs.scheduled_at,
  };
}

function mergedTargets(takesMine: (slot: string) => boolean, mine: Draft, theirs: Draft): DraftTarget[] {
  const result: DraftTarget[] = [];
  for (const target of theirs.targets) {
    const slot = `target:${targetKey(target)}`;
    const twin = mine.targets.find((candidate) => targetKey(candidate) === targetKey(target));
    if (twin === undefined) {
      // Only they have it: keeping mine means leaving it out.
      if (!takesMine(slot)) result.push(target);
      continue;
    }
    const own = { ...target.own };
    for (const field of contentFields) {
      if (!takesMine(`${slot}.own.${field}`)) continue;
      Reflect.deleteProperty(own, field);
      if (twin.own[field] !== undefined) Object.assign(own, { [field]: twin.own[field] });
    }
    result.push({ ...target, own, options: takesMine(`${slot}.options`) ? twin.options : target.options });
  }
  for (const target of mine.targets) {
    const known = theirs.targets.some((candidate) => targetKey(candidate) === targetKey(target));
    if (!known && takesMine(`target:${targetKey(target)}`)) result.push({ ...target, id: null });
  }
  return result;
}
