import type { LiveEvent } from "@/lib/live/socket";

export type Alarm = {
  // One ongoing condition; the event that ends it bears the same.
  key: string;
  code: string;
  params: Record<string, string>;
  raised: boolean;
  post: string | null;
};

// Null for other events and for one that says nothing readable.
export function readAlarm({ type, data }: LiveEvent): Alarm | null {
  if (type !== "alarm" || typeof data !== "object" || data === null) return null;
  const { key, code, raised, params, post_id } = data as Record<string, unknown>;
  if (typeof key !== "string" || typeof code !== "string") return null;
  const texts =
    typeof params === "object" && params !== null
      ? Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === "string")
      : [];
  return { key, code, raised: raised !== false, params: Object.fromEntries(texts), post: typeof post_id === "string" ? post_id : null };
}
