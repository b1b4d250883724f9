// Short messages at the edge of the screen, also from code that is no component.
import { useSyncExternalStore } from "react";
import i18next from "i18next";
import { isApiError } from "@/lib/api/error";

export type ToastTone = "neutral" | "success" | "danger";
export type ToastItem = {
  id: number;
  text: string;
  detail?: string | undefined;
  tone: ToastTone;
  action?: { label: string; run: () => void } | undefined;
  // Milliseconds on screen; the person's pointer or focus on it holds it.
  lasts: number;
  // Called once when it leaves by itself or is closed, not after its action ran.
  onExpire?: (() => void) | undefined;
};

const undoMs = 8000;
const readMs = 5000;

let items: readonly ToastItem[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: readonly ToastItem[]): void {
  items = next;
  for (const listener of listeners) listener();
}

export function showToast(toast: Omit<ToastItem, "id" | "lasts" | "tone"> & { tone?: ToastTone; lasts?: number }): number {
  const id = nextId++;
  publish([...items, { lasts: readMs, tone: "neutral", ...toast, id }]);
  return id;
}

export function dismissToast(id: number, ranAction = false): void {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) return;
  publish(items.filter((candidate) => candidate.id !== id));
  if (!ranAction) item.onExpire?.();
}

// For a failed call that belongs to no field. The request id is what support asks for.
export function toastError(error: unknown): void {
  const detail = isApiError(error) ? error.detail : i18next.t("error.unexpected");
  const requestId = isApiError(error) ? error.requestId : null;
  showToast({
    text: detail,
    tone: "danger",
    lasts: undoMs,
    detail: requestId === null ? undefined : i18next.t("error.requestId", { id: requestId }),
  });
}

// Does `run` only after the undo time has passed; `undo` puts back what the screen already showed as done.
// Leaving the page does it at once, so that nothing the person asked for is forgotten.
export function toastUndoable(text: string, run: () => void, undo: () => void): void {
  // Once only: a page that was left may come back from the browser's memory with its timers.
  let settled = false;
  const settle = (act: () => void) => (): void => {
    if (settled) return;
    settled = true;
    window.removeEventListener("pagehide", commit);
    act();
  };
  const commit = settle(run);
  window.addEventListener("pagehide", commit);
  showToast({ text, lasts: undoMs, onExpire: commit, action: { label: i18next.t("action.undo"), run: settle(undo) } });
}

export function useToasts(): readonly ToastItem[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => items,
  );
}
