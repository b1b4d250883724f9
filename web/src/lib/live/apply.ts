// What a live event does to the query cache: patches the post that is open, marks lists and calendars stale.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { keys } from "@/lib/api/keys";
import type { Post } from "@/lib/api/types";
import type { LiveEvent } from "@/lib/live/socket";

// Events of a burst (a drain of forty posts) become one refetch of each view.
const gatherMs = 250;

export type Applier = { apply: (event: LiveEvent) => void; invalidateAll: () => void; stop: () => void };

export function createApplier(client: QueryClient, ws: string): Applier {
  const stale = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function mark(...queryKeys: QueryKey[]): void {
    for (const key of queryKeys) stale.set(JSON.stringify(key), key);
    timer ??= setTimeout(flush, gatherMs);
  }

  function flush(): void {
    timer = null;
    const due = [...stale.values()];
    stale.clear();
    for (const queryKey of due) void client.invalidateQueries({ queryKey });
  }

  function apply({ type, data }: LiveEvent): void {
    const fields = isRecord(data) ? data : {};
    const [subject] = type.split(".");
    if (type === "post.deleted") {
      const post = id(fields["post_id"] ?? fields["id"]);
      if (post !== null) client.removeQueries({ queryKey: keys.post(ws, post) });
      mark(keys.postLists(ws), keys.calendars(ws));
    } else if (subject === "post") {
      const post = id(fields["post_id"] ?? fields["id"]);
      mark(...(post === null ? [] : [keys.post(ws, post)]), keys.postLists(ws), keys.calendars(ws));
    } else if (subject === "target") {
      const post = id(fields["post_id"]);
      if (post !== null) patchTarget(client, ws, post, fields);
      mark(...(post === null ? [] : [keys.post(ws, post)]), keys.postLists(ws), keys.calendars(ws));
    } else if (subject === "account") {
      mark(keys.accounts(ws), keys.calendars(ws));
    } else if (subject === "media") {
      mark(keys.media(ws));
    } else if (subject === "workspace" || subject === "brand") {
      mark(keys.workspace(ws), keys.brands(ws), keys.accounts(ws));
    } else if (subject === "label") {
      mark(keys.labels(ws));
    }
  }

  return {
    apply,
    invalidateAll: () => void client.invalidateQueries({ queryKey: [ws] }),
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

const patched = [
  "state",
  "readiness",
  "scheduled_at",
  "published_at",
  "remote_id",
  "remote_url",
  "attempt_count",
  "next_attempt_at",
  "error",
] as const;

// The open post shows the new state at once; the refetch that follows brings parts and evidence.
function patchTarget(client: QueryClient, ws: string, post: string, fields: Record<string, unknown>): void {
  const target = id(fields["target_id"] ?? fields["id"]);
  const change = Object.fromEntries(patched.filter((name) => name in fields).map((name) => [name, fields[name]]));
  client.setQueryData<Post>(keys.post(ws, post), (current) =>
    current === undefined
      ? current
      : { ...current, targets: current.targets.map((candidate) => (candidate.id === target ? { ...candidate, ...change } : candidate)) },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function id(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
