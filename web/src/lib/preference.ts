// A small choice of this browser (theme, last workspace). Never a secret. Storage may be forbidden or full:
// then the choice lasts as long as the page.
import { useSyncExternalStore } from "react";

export type Preference<T extends string | null> = {
  get: () => T;
  set: (value: T) => void;
  subscribe: (listener: () => void) => () => void;
};

export function preference<T extends string | null>(
  key: string,
  initial: T,
  isValid: (value: string) => boolean = () => true,
): Preference<T> {
  const listeners = new Set<() => void>();
  let value = read();

  function read(): T {
    try {
      const stored = localStorage.getItem(key);
      return stored !== null && isValid(stored) ? (stored as T) : initial;
    } catch {
      return initial;
    }
  }

  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        if (next === null) localStorage.removeItem(key);
        else localStorage.setItem(key, next);
      } catch {
        // Kept for this page only.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function usePreference<T extends string | null>(source: Preference<T>): [T, (value: T) => void] {
  return [useSyncExternalStore(source.subscribe, source.get), source.set];
}
