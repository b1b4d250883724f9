// Answers fetch in tests. Routes are "METHOD /path" below /api/v1; what is not there fails the test by name.
import { vi } from "vitest";

export type Sent = { method: string; path: string; headers: Headers; body: unknown };
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };
export type Handler = Answer | ((request: Sent) => Answer | Promise<Answer>);

export function mockServer(routes: Record<string, Handler>): { sent: Sent[]; routes: Record<string, Handler> } {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request ? input : new Request(new URL(String(input), window.location.origin), init);
    const text = await request.text();
    const one: Sent = {
      method: request.method,
      path: new URL(request.url).pathname.replace(/^\/api\/v1/, ""),
      headers: request.headers,
      body: text === "" ? null : (JSON.parse(text) as unknown),
    };
    sent.push(one);
    const handler = routes[`${one.method} ${one.path}`];
    if (handler === undefined) throw new Error(`The test has no answer for ${one.method} ${one.path}`);
    const { status = 200, body, headers = {} } = typeof handler === "function" ? await handler(one) : handler;
    const type = status >= 400 ? "application/problem+json" : "application/json";
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { "Content-Type": type, ...headers } });
  });
  return { sent, routes };
}

export function problem(status: number, code: string, more: Record<string, unknown> = {}): Answer {
  return { status, body: { type: "about:blank", title: code, status, code, detail: `Refused: ${code}`, ...more } };
}
