import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiError } from "@/lib/api/error";
import { mockServer, problem, type Handler } from "@/testing/fetch_mock";

const user = { id: "u", email: "a@example.org", name: "Anna", locale: "en", time_zone: null, is_system_admin: false };
const signedIn = (token: string) => ({ body: { access_token: token, token_type: "Bearer", expires_in: 900, user } });

// The token lives in a module: each test gets a fresh one.
async function fresh() {
  vi.resetModules();
  const { api, body } = await import("@/lib/api/client");
  const { session, refresh } = await import("@/lib/api/session");
  const { isApiError } = await import("@/lib/api/error");
  return { api, body, session, refresh, isApiError };
}

// Accepts only `good`; anything else has expired.
const meWith =
  (good: string): Handler =>
  ({ headers }) =>
    headers.get("Authorization") === `Bearer ${good}` ? { body: user } : problem(401, "token_expired");

describe("token renewal", () => {
  beforeEach(() => vi.useRealTimers());

  it("asks once for all requests that meet an expired token, and repeats each", async () => {
    const { api, body, session } = await fresh();
    let answer: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (answer = resolve));
    const { sent } = mockServer({
      "GET /auth/me": meWith("new"),
      "POST /auth/refresh": async () => {
        await gate;
        return signedIn("new");
      },
    });
    session.signedIn({ access_token: "old", token_type: "Bearer", expires_in: 900, user });
    const calls = [1, 2, 3].map(() => body(api.GET("/auth/me")));
    await vi.waitFor(() => expect(sent.filter(({ path }) => path === "/auth/me")).toHaveLength(3));
    answer?.();
    expect((await Promise.all(calls)).map(({ name }) => name)).toEqual(["Anna", "Anna", "Anna"]);
    expect(sent.filter(({ path }) => path === "/auth/refresh")).toHaveLength(1);
  });

  it("repeats a POST with its body and the same Idempotency-Key", async () => {
    const { api, session } = await fresh();
    const { sent } = mockServer({
      "POST /workspaces": ({ headers }) =>
        headers.get("Authorization") === "Bearer new" ? { status: 201, body: { id: "w" } } : problem(401, "token_expired"),
      "POST /auth/refresh": signedIn("new"),
    });
    session.signedIn({ access_token: "old", token_type: "Bearer", expires_in: 900, user });
    await api.POST("/workspaces", { body: { name: "Nordlicht" } });
    const posts = sent.filter(({ path }) => path === "/workspaces");
    expect(posts.map((one) => one.body)).toEqual([{ name: "Nordlicht" }, { name: "Nordlicht" }]);
    expect(posts[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
    expect(posts[1]?.headers.get("Idempotency-Key")).toBe(posts[0]?.headers.get("Idempotency-Key"));
  });

  it("signs out when the refresh cookie is refused too, and passes the refusal on", async () => {
    const { api, session, isApiError } = await fresh();
    mockServer({ "GET /auth/me": problem(401, "token_expired"), "POST /auth/refresh": problem(401, "unauthenticated") });
    session.signedIn({ access_token: "old", token_type: "Bearer", expires_in: 900, user });
    const error: unknown = await api.GET("/auth/me").catch((refused: unknown) => refused);
    expect(isApiError(error, "token_expired")).toBe(true);
    expect(session.get()).toEqual({ status: "signed_out", problem: null });
  });

  it("does not renew on a refusal that is no matter of the token", async () => {
    const { api, session } = await fresh();
    const { sent } = mockServer({ "GET /auth/me": problem(403, "permission_denied") });
    session.signedIn({ access_token: "old", token_type: "Bearer", expires_in: 900, user });
    await expect(api.GET("/auth/me")).rejects.toMatchObject({ code: "permission_denied" });
    expect(sent).toHaveLength(1);
  });

  it("leaves a wrong password at sign-in as it is", async () => {
    const { api } = await fresh();
    const { sent } = mockServer({ "POST /auth/login": problem(401, "unauthenticated") });
    await expect(api.POST("/auth/login", { body: { email: "a@example.org", password: "x" } })).rejects.toMatchObject({ status: 401 });
    expect(sent).toHaveLength(1);
  });
});

describe("start-up", () => {
  it("is signed in by the cookie", async () => {
    const { session } = await fresh();
    mockServer({ "POST /auth/refresh": signedIn("t") });
    expect(await session.restore()).toMatchObject({ status: "signed_in", user: { name: "Anna" } });
  });

  it("is signed out without a cookie", async () => {
    const { session } = await fresh();
    mockServer({ "POST /auth/refresh": problem(401, "unauthenticated") });
    expect(await session.restore()).toEqual({ status: "signed_out", problem: null });
  });

  it("keeps the words of a refusal that names a wrong setting", async () => {
    const { session } = await fresh();
    mockServer({ "POST /auth/refresh": problem(403, "origin_mismatch", { detail: "MYPOST_PUBLIC_URL says http://127.0.0.1:8080" }) });
    expect(await session.restore()).toMatchObject({
      status: "signed_out",
      problem: { detail: "MYPOST_PUBLIC_URL says http://127.0.0.1:8080" },
    });
  });

  it.each([
    ["the server is away", () => Promise.reject(new TypeError("failed"))],
    ["the server is busy", () => Promise.resolve(new Response(JSON.stringify({ code: "unavailable", detail: "Later" }), { status: 503 }))],
    ["a proxy answers in its place", () => Promise.resolve(new Response("<html>", { status: 404 }))],
  ])("decides nothing when %s", async (_name, answer) => {
    const { session } = await fresh();
    vi.stubGlobal("fetch", answer);
    await expect(session.restore()).rejects.toMatchObject({ name: "ApiError" });
    expect(session.get()).toEqual({ status: "unknown" });
  });
});

it("renews a token shortly before its end", async () => {
  const { session } = await fresh();
  mockServer({ "POST /auth/refresh": signedIn("new") });
  session.signedIn({ access_token: "old", token_type: "Bearer", expires_in: 900, user });
  expect(await session.freshToken()).toBe("old");
  session.signedIn({ access_token: "old", token_type: "Bearer", expires_in: 5, user });
  expect(await session.freshToken()).toBe("new");
});

it("calls an unanswered request unreachable", async () => {
  const { api } = await fresh();
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
  const error: unknown = await api.GET("/networks").catch((refused: unknown) => refused);
  expect(error).toMatchObject({ name: "ApiError", status: 0, code: "network_unreachable" } satisfies Partial<ApiError>);
});
