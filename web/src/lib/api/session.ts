// Who is signed in. The access token lives only in this module's memory; the refresh token is an HttpOnly
// cookie that script never sees. One refresh runs at a time, however many requests wait for it.
import { apiBase } from "@/lib/base";
import { type ApiError, errorFromResponse, unreachable } from "@/lib/api/error";
import type { SignedIn, User } from "@/lib/api/types";

export type SessionState =
  | { status: "unknown" }
  // `problem` says why a refresh was refused for a reason that a person can mend (a wrong setting).
  | { status: "signed_out"; problem: ApiError | null }
  | { status: "signed_in"; user: User };

// A token this close to its end is renewed before use, so that a socket's first message does not fail.
const renewBeforeMs = 30_000;

let state: SessionState = { status: "unknown" };
let token: { value: string; expiresAt: number } | null = null;
let refreshing: Promise<string | null> | null = null;
const listeners = new Set<() => void>();

export const session = {
  get: (): SessionState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  accessToken: (): string | null => token?.value ?? null,
  signedIn(answer: SignedIn): void {
    token = { value: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 };
    set({ status: "signed_in", user: answer.user });
  },
  userChanged(user: User): void {
    if (state.status === "signed_in") set({ status: "signed_in", user });
  },
  signedOut(problem: ApiError | null = null): void {
    token = null;
    set({ status: "signed_out", problem });
  },
  // Decides at start-up whether somebody is signed in. Throws ApiError when the server cannot be reached.
  async restore(): Promise<SessionState> {
    if (state.status === "unknown") await refresh();
    return state;
  },
  // A token good for at least `renewBeforeMs`; null when nobody is signed in.
  async freshToken(): Promise<string | null> {
    if (token !== null && token.expiresAt - Date.now() > renewBeforeMs) return token.value;
    return refresh();
  },
};

// Asks for a new access token by the refresh cookie. Returns it, or null after telling that nobody is signed in.
// Throws ApiError for what says nothing about the session: no answer, 429, 5xx. All callers share one request.
export function refresh(): Promise<string | null> {
  refreshing ??= askForToken().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function askForToken(): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(`${apiBase()}/auth/refresh`, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
  } catch (cause) {
    throw unreachable(cause);
  }
  if (response.ok) {
    const answer = (await response.json()) as SignedIn;
    session.signedIn(answer);
    return answer.access_token;
  }
  const error = await errorFromResponse(response);
  if (error.status === 429 || error.status >= 500 || error.code === "unreadable_answer") throw error;
  // 401 is the plain "nobody here"; anything else (403 from the Origin check) names what is wrong.
  session.signedOut(error.status === 401 ? null : error);
  return null;
}

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}
