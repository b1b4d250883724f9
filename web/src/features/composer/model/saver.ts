// Stores a draft while it is being written. One request at a time; what is typed during a request goes with the next.
// Nothing typed is ever replaced by an answer.
import { isApiError } from "@/lib/api/error";
import type { Post } from "@/lib/api/types";
import { uuid } from "@/lib/uuid";
import { type Draft, draftFromPost, isBlank, sameDraft, withStoredIds } from "./draft";

export type SaveState =
  | { phase: "clean" }
  | { phase: "dirty" }
  | { phase: "saving" }
  // The text is kept here; `willRetry` when a later try may help without a change.
  | { phase: "failed"; error: unknown; willRetry: boolean }
  // Somebody else saved first. Waits for `resolve`.
  | { phase: "conflict"; theirs: Post }
  // Publishing has begun: nothing can be changed any more.
  | { phase: "started" };

export type SaverIo = {
  create(draft: Draft, idempotencyKey: string): Promise<Post>;
  // `base` is what the server has, as a draft.
  update(id: string, draft: Draft, version: number, base: Draft): Promise<Post>;
  read(id: string): Promise<Post>;
};

export type Stored = { post: Post; draft: Draft };

export type Saver = {
  // The newest text. Saves by itself within `delayMs` unless `automatic` is off.
  edit(draft: Draft): void;
  // Saves now what is not saved. True when everything is stored.
  flush(): Promise<boolean>;
  // After a conflict: the merged text, on top of what the other person stored.
  resolve(draft: Draft, theirs: Post): void;
  // The server's newest state came in another way (an action, a live event). False when unsaved text stands against it.
  adopt(post: Post): boolean;
  stored(): Stored | null;
  stop(): void;
};

const retryDelaysMs = [3_000, 10_000, 30_000];

export function createSaver(options: {
  io: SaverIo;
  initial: Stored | null;
  delayMs: number;
  automatic: boolean;
  onState(state: SaveState): void;
  onStored(stored: Stored): void;
}): Saver {
  const { io, delayMs } = options;
  let stored = options.initial;
  let latest: Draft | null = stored?.draft ?? null;
  let state: SaveState = { phase: "clean" };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let failures = 0;
  // A creation whose answer was lost is repeated as it was, under the same key, so that it cannot make a second post.
  let creation: { draft: Draft; key: string } | null = null;

  const set = (next: SaveState): void => {
    state = next;
    options.onState(next);
  };
  const isDirty = (): boolean => {
    if (latest === null) return false;
    return stored === null ? !isBlank(latest) : !sameDraft(latest, stored.draft);
  };
  const plan = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void save();
    }, ms);
  };
  const unplan = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  async function send(draft: Draft): Promise<Stored> {
    if (stored !== null) return { post: await io.update(stored.post.id, draft, stored.post.version, stored.draft), draft };
    creation ??= { draft, key: uuid() };
    const post = await io.create(creation.draft, creation.key);
    const sent = creation.draft;
    creation = null;
    return { post, draft: sent };
  }

  async function refused(error: unknown): Promise<void> {
    if (isApiError(error, "publishing_started")) {
      set({ phase: "started" });
      return;
    }
    if (isApiError(error, "version_mismatch") && stored !== null) {
      set({ phase: "conflict", theirs: await io.read(stored.post.id) });
      return;
    }
    const willRetry = isApiError(error) && (error.status === 0 || error.status === 429 || error.status >= 500);
    // A refused body will be refused again; the next one is a new creation.
    if (!willRetry) creation = null;
    set({ phase: "failed", error, willRetry });
    const wait = retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? delayMs;
    failures += 1;
    if (willRetry) plan(wait);
  }

  function save(): Promise<void> {
    running ??= saveOnce().finally(() => {
      running = null;
    });
    return running;
  }

  async function saveOnce(): Promise<void> {
    unplan();
    if (latest === null || !isDirty() || state.phase === "conflict" || state.phase === "started") return;
    set({ phase: "saving" });
    try {
      const done = await send(latest);
      failures = 0;
      stored = { post: done.post, draft: withStoredIds(done.draft, done.post) };
      latest = withStoredIds(latest, done.post);
      options.onStored(stored);
      set({ phase: isDirty() ? "dirty" : "clean" });
      if (isDirty() && options.automatic) plan(delayMs);
    } catch (error) {
      await refused(error).catch((second: unknown) => set({ phase: "failed", error: second, willRetry: false }));
    }
  }

  return {
    edit(draft) {
      latest = draft;
      if (state.phase === "conflict" || state.phase === "started" || running !== null) return;
      if (!isDirty()) {
        unplan();
        if (state.phase !== "clean") set({ phase: "clean" });
        return;
      }
      if (state.phase !== "dirty") set({ phase: "dirty" });
      if (options.automatic) plan(delayMs);
    },
    async flush() {
      // A request on its way may carry an older text: wait for it, then send the rest.
      for (let round = 0; round < 3; round += 1) {
        if (running !== null) await running;
        if (!isDirty()) return true;
        if (state.phase === "conflict" || state.phase === "started") return false;
        await save();
      }
      return !isDirty();
    },
    resolve(draft, theirs) {
      stored = { post: theirs, draft: draftFromPost(theirs) };
      latest = draft;
      options.onStored(stored);
      set({ phase: isDirty() ? "dirty" : "clean" });
      if (isDirty()) void save();
    },
    adopt(post) {
      if (running !== null || (stored !== null && post.version < stored.post.version)) return true;
      if (stored !== null && post.version > stored.post.version && isDirty()) return false;
      const unsaved = isDirty();
      stored = { post, draft: unsaved && stored !== null ? stored.draft : draftFromPost(post) };
      if (!unsaved) latest = stored.draft;
      options.onStored(stored);
      return true;
    },
    stored: () => stored,
    stop: unplan,
  };
}
