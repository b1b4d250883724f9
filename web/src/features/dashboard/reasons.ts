// Why a planned post may not go out, and the one click that helps.
import type { CalendarItem, Post } from "@/lib/api/types";

// `message` are the server's own words; without them the code is said by us.
export type Reason = { code: string; message: string | null };
export type Fix = "reconnect" | "approve" | "settle" | "open";

export function reasonsOf(item: CalendarItem, post: Post | undefined): Reason[] {
  const found: Reason[] = [];
  if (item.status === "pending_approval") found.push({ code: "pending_approval", message: null });
  if (item.status === "needs_attention") found.push({ code: "needs_attention", message: null });
  for (const target of post?.targets ?? []) {
    for (const { code, message } of target.readiness_reasons) {
      if (found.every((reason) => reason.code !== code)) found.push({ code, message });
    }
  }
  return found.length > 0 ? found : [{ code: "unknown", message: null }];
}

export function fixOf(item: CalendarItem, reasons: readonly Reason[]): Fix {
  if (reasons.some(({ code }) => /reconnect|auth|token|grant/.test(code))) return "reconnect";
  if (item.status === "pending_approval") return "approve";
  if (item.status === "needs_attention") return "settle";
  return "open";
}
