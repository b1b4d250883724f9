// The one door to the server. Adds the token, an Idempotency-Key to every POST, renews an expired token once and
// repeats the request, and turns every refusal into an ApiError.
import createClient from "openapi-fetch";
import { errorFromResponse, unreachable } from "@/lib/api/error";
import { refresh, session } from "@/lib/api/session";
import type { paths } from "@/lib/api/schema";
import { apiBase } from "@/lib/base";
import { uuid } from "@/lib/uuid";

// Answers that mean "this token, not this person": worth one renewal.
const renewable = new Set(["token_expired", "unauthenticated"]);
// Routes where 401 is the answer itself.
const signInRoutes = /\/auth\/(login|refresh)$|\/setup$/;

export async function send(request: Request): Promise<Response> {
  if (request.method === "POST" && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", uuid());
  // The body can be read once; the copy is for the repetition, which carries the same Idempotency-Key.
  const repetition = request.clone();
  const first = await attempt(request, session.accessToken());
  if (first.ok) return first;
  const error = await errorFromResponse(first);
  if (error.status !== 401 || !renewable.has(error.code) || signInRoutes.test(new URL(request.url).pathname)) throw error;
  const token = await refresh();
  if (token === null) throw error;
  const second = await attempt(repetition, token);
  if (!second.ok) throw await errorFromResponse(second);
  return second;
}

async function attempt(request: Request, token: string | null): Promise<Response> {
  if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw unreachable(cause);
  }
}

export const api = createClient<paths>({
  // Request needs an absolute address outside a page (tests); in a page this is the same origin.
  baseUrl: `${window.location.origin}${apiBase()}`,
  credentials: "same-origin",
  fetch: send,
});

// The answer's body. Usage: const post = await body(api.GET("/workspaces/{workspace}/posts/{post}", …)).
export async function body<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await call;
  return data as NonNullable<T>;
}

// Header of an edit that must meet the object as it was read; a stale one throws ApiError "version_mismatch".
// Usage: params: { path, header: ifMatch(post.version) }.
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
