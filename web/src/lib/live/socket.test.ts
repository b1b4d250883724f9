import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pollMs, startLive, type Live, type LiveEvent, type LiveState } from "@/lib/live/socket";

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: unknown[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

let sockets: FakeSocket[];
let events: LiveEvent[];
let states: LiveState[];
let resyncs: number;
let polls: number;
let live: Live;
let token: (renewed: boolean) => Promise<string | null>;

function start(): void {
  live = startLive({
    url: "ws://test/api/v1/ws",
    workspaceId: "w1",
    token: (renewed) => token(renewed),
    onEvent: (event) => events.push(event),
    onResync: () => (resyncs += 1),
    onPoll: () => (polls += 1),
    onState: (state) => states.push(state),
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    random: () => 1,
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const last = (): FakeSocket => sockets.at(-1) as FakeSocket;

async function connected(): Promise<FakeSocket> {
  await settle();
  last().onopen?.();
  last().say({ type: "ready" });
  return last();
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  events = [];
  states = [];
  resyncs = 0;
  polls = 0;
  token = () => Promise.resolve("t1");
  start();
});
afterEach(() => {
  live.close();
  vi.useRealTimers();
});

describe("a live connection", () => {
  it("signs in with its first message and is open when the server is ready", async () => {
    const socket = await connected();
    expect(socket.sent).toEqual([{ type: "auth", token: "t1", workspace_id: "w1" }]);
    expect(states.at(-1)).toBe("open");
  });

  it("is replayed from its last event and drops what it has seen", async () => {
    const first = await connected();
    first.say({ id: "e1", type: "post.updated", data: { post_id: "p" } });
    first.say({ id: "e2", type: "post.updated", data: { post_id: "p" } });
    first.onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(1000);
    const second = await connected();
    expect(second.sent).toEqual([{ type: "auth", token: "t1", workspace_id: "w1", last_event_id: "e2" }]);
    second.say({ id: "e1", type: "post.updated", data: {} });
    second.say({ id: "e2", type: "post.updated", data: {} });
    second.say({ id: "e3", type: "target.updated", data: {} });
    expect(events.map(({ id }) => id)).toEqual(["e1", "e2", "e3"]);
    expect(resyncs).toBe(0);
  });

  it("passes a resync on and forgets its place", async () => {
    const first = await connected();
    first.say({ id: "e1", type: "post.updated", data: {} });
    first.say({ type: "resync" });
    expect(resyncs).toBe(1);
    first.onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(1000);
    expect((await connected()).sent).toEqual([{ type: "auth", token: "t1", workspace_id: "w1" }]);
  });

  it("resyncs after a gap before its first event, for there is nothing to replay from", async () => {
    (await connected()).onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(1000);
    await connected();
    expect(resyncs).toBe(1);
  });

  it("waits longer after each failure, up to half a minute", async () => {
    await settle();
    for (const delay of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = sockets.length;
      last().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(sockets).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets).toHaveLength(before + 1);
    }
  });

  it("polls while sockets are blocked and stops when one opens", async () => {
    await settle();
    last().onclose?.({ code: 1006 });
    expect(states.at(-1)).toBe("polling");
    await vi.advanceTimersByTimeAsync(pollMs);
    expect(polls).toBe(1);
    live.restart();
    await connected();
    await vi.advanceTimersByTimeAsync(pollMs * 3);
    expect(polls).toBe(1);
  });

  it("asks for a new token at once when the session ended, and rests when nobody is signed in", async () => {
    const socket = await connected();
    const asked: boolean[] = [];
    token = (renewed) => {
      asked.push(renewed);
      return Promise.resolve(null);
    };
    socket.onclose?.({ code: 4401 });
    await settle();
    expect(asked).toEqual([true]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([true]);
    expect(sockets).toHaveLength(1);
  });

  it("does not ask in a loop when the new token is refused as well", async () => {
    (await connected()).onclose?.({ code: 4401 });
    await settle();
    expect(sockets).toHaveLength(2);
    last().onclose?.({ code: 4401 });
    await settle();
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sockets).toHaveLength(3);
  });

  it("tries again when the token could not be had", async () => {
    live.close();
    sockets = [];
    token = () => Promise.reject(new Error("server away"));
    start();
    await settle();
    token = () => Promise.resolve("t2");
    await vi.advanceTimersByTimeAsync(1000);
    expect((await connected()).sent).toEqual([{ type: "auth", token: "t2", workspace_id: "w1" }]);
  });

  it("ignores what it cannot read", async () => {
    const socket = await connected();
    socket.onmessage?.({ data: "no json" });
    socket.say(null);
    socket.say({ id: "x" });
    expect(events).toEqual([]);
  });

  it("does nothing more once closed", async () => {
    const socket = await connected();
    live.close();
    socket.say({ id: "e9", type: "post.updated", data: {} });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket.closed).toBe(true);
    expect(events).toEqual([]);
    expect(sockets).toHaveLength(1);
  });
});
