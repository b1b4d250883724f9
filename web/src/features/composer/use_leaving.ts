// Leaving the composer saves first; only what cannot be saved stops the person.
import { useEffect } from "react";
import { useBlocker } from "@tanstack/react-router";
import type { ComposerStore } from "./model/store";

export type Leaving = ReturnType<typeof useLeaving>;

export function useLeaving(store: ComposerStore, isUploading: boolean) {
  const blocker = useBlocker({
    shouldBlockFn: async ({ next }) => {
      const { save, stored } = store.get();
      // A new draft's address changes when it gets its id.
      if (stored !== null && next.pathname.endsWith(`/compose/${stored.post.id}`)) return false;
      if (stored !== null && stored.post.status !== "draft") return save.phase !== "clean" && save.phase !== "started";
      return !(await store.flush()) && store.get().save.phase !== "started";
    },
    enableBeforeUnload: () => isUploading || !["clean", "started"].includes(store.get().save.phase),
    withResolver: true,
  });
  useEffect(() => {
    // Phones end pages without asking; a hidden page may never be shown again.
    const save = (): void => {
      if (document.visibilityState === "hidden" && (store.get().stored?.post.status ?? "draft") === "draft") void store.flush();
    };
    document.addEventListener("visibilitychange", save);
    return () => {
      document.removeEventListener("visibilitychange", save);
      store.stop();
    };
  }, [store]);
  return blocker;
}
