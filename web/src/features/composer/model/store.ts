// The draft on screen and how it stands with the server, outside React: saving outlives a render, and typing never
// waits for one.
import type { Post } from "@/lib/api/types";
import { type Draft, draftFromPost, sameDraft, withStoredIds } from "./draft";
import { createSaver, type SaverIo, type SaveState, type Stored } from "./saver";

export type Snapshot = {
  draft: Draft;
  save: SaveState;
  // What the server has; null before the first save.
  stored: Stored | null;
  // A newer version that arrived while unsaved text stood against it; the next save offers to merge.
  outdated: boolean;
};

export type ComposerStore = {
  get: () => Snapshot;
  subscribe: (listener: () => void) => () => void;
  change: (update: (draft: Draft) => Draft) => void;
  flush: () => Promise<boolean>;
  resolve: (draft: Draft, theirs: Post) => void;
  adopt: (post: Post) => void;
  stop: () => void;
};

export const autosaveMs = 2000;

export function createComposerStore(options: { io: SaverIo; post: Post | null; draft: Draft; automatic: boolean; onCreated: (post: Post) => void }): ComposerStore {
  const initial = options.post && { post: options.post, draft: draftFromPost(options.post) };
  let snapshot: Snapshot = { draft: options.draft, save: { phase: "clean" }, stored: initial, outdated: false };
  const listeners = new Set<() => void>();
  const set = (change: Partial<Snapshot>): void => {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  };

  const saver = createSaver({
    io: options.io,
    initial,
    delayMs: autosaveMs,
    automatic: options.automatic,
    onState: (save) => set({ save }),
    onStored(stored) {
      const isNew = snapshot.stored === null;
      set({ stored, outdated: false, draft: withStoredIds(snapshot.draft, stored.post) });
      if (isNew) options.onCreated(stored.post);
    },
  });
  if (initial === null || !sameDraft(options.draft, initial.draft)) saver.edit(options.draft);

  return {
    get: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(update) {
      const draft = update(snapshot.draft);
      if (draft === snapshot.draft) return;
      set({ draft });
      saver.edit(draft);
    },
    flush: () => saver.flush(),
    resolve(draft, theirs) {
      set({ draft });
      saver.resolve(draft, theirs);
    },
    adopt(post) {
      const before = snapshot.stored;
      if (before?.post === post) return;
      if (!saver.adopt(post)) {
        set({ outdated: true });
        return;
      }
      const stored = saver.stored();
      // Only what came from elsewhere and met no unsaved text replaces what is on screen.
      if (stored !== null && snapshot.save.phase === "clean" && before !== null && post.version > before.post.version) set({ draft: stored.draft });
    },
    stop: () => saver.stop(),
  };
}
