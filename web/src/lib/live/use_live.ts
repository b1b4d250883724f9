// Keeps one live connection for the workspace on screen and tells its state to the dot in the shell.
import { useEffect, useSyncExternalStore } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { refresh, session } from "@/lib/api/session";
import { liveUrl } from "@/lib/base";
import { createApplier } from "@/lib/live/apply";
import { startLive, type LiveEvent, type LiveState } from "@/lib/live/socket";

let state: LiveState = "connecting";
const stateListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();

function setState(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const listener of stateListeners) listener();
}

export function useLive(ws: string): void {
  const client = useQueryClient();
  useEffect(() => {
    const applier = createApplier(client, ws);
    const live = startLive({
      url: liveUrl(),
      workspaceId: ws,
      token: (renewed) => (renewed ? refresh() : session.freshToken()),
      onEvent(event) {
        applier.apply(event);
        for (const listener of eventListeners) listener(event);
      },
      onResync: applier.invalidateAll,
      onPoll: applier.invalidateAll,
      onState: setState,
    });
    window.addEventListener("online", live.restart);
    return () => {
      window.removeEventListener("online", live.restart);
      live.close();
      applier.stop();
    };
  }, [client, ws]);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );
}

// For a view that reacts to events itself (upload progress, presence, alarms). `listener` must be stable.
export function useLiveEvent(listener: (event: LiveEvent) => void): void {
  useEffect(() => {
    eventListeners.add(listener);
    return () => {
      eventListeners.delete(listener);
    };
  }, [listener]);
}
