// The live connection of one workspace: sign-in by first message, replay after a gap, backoff, and polling while
// no socket can be had. Knows nothing of caches; what to do with an event is the caller's.

export type LiveState = "connecting" | "open" | "polling";
export type LiveEvent = { id: string; type: string; data: unknown };

export type LiveOptions = {
  url: string;
  workspaceId: string;
  // A token good enough to open with; null = nobody is signed in, the connection rests until `restart`. `renewed` asks for
  // a new one, because the server no longer takes the one there is.
  token: (renewed: boolean) => Promise<string | null>;
  onEvent: (event: LiveEvent) => void;
  // The gap is too old to replay: everything may have changed.
  onResync: () => void;
  onState: (state: LiveState) => void;
  // Every `pollMs` while there is no connection.
  onPoll: () => void;
  connect?: (url: string) => WebSocket;
  random?: () => number;
};

export const pollMs = 15_000;
const firstDelayMs = 1000;
const longestDelayMs = 30_000;
// The server replays from ten seconds before the last id: enough ids to recognise what came already.
const remembered = 2000;
const sessionEnded = 4401;

export type Live = { restart: () => void; close: () => void };

export function startLive(options: LiveOptions): Live {
  const connect = options.connect ?? ((url: string) => new WebSocket(url));
  const random = options.random ?? Math.random;
  const seen = new Set<string>();
  let lastId: string | null = null;
  let socket: WebSocket | null = null;
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | null = null;
  let pollTimer: ReturnType<typeof setInterval> | null = null;
  let closed = false;
  // Each opening has a number, so that a late token or close of an older one is ignored.
  let opening = 0;
  let tokenRefused = false;

  async function open(): Promise<void> {
    const mine = ++opening;
    options.onState(pollTimer === null ? "connecting" : "polling");
    let token: string | null;
    try {
      token = await options.token(tokenRefused);
      tokenRefused = false;
    } catch {
      if (mine === opening) lost();
      return;
    }
    if (mine !== opening || closed || token === null) return;
    const current = connect(options.url);
    socket = current;
    current.onopen = () => {
      const hello = { type: "auth", token, workspace_id: options.workspaceId };
      current.send(JSON.stringify(lastId === null ? hello : { ...hello, last_event_id: lastId }));
    };
    current.onmessage = (message: MessageEvent<unknown>) => {
      if (mine === opening) receive(message.data);
    };
    current.onclose = (event: CloseEvent) => {
      if (mine !== opening) return;
      const firstRefusal = event.code === sessionEnded && failures === 0;
      tokenRefused = event.code === sessionEnded;
      lost();
      // Asking for a new token tells whether the session is over: worth knowing at once, but not in a loop.
      if (firstRefusal) {
        clearRetry();
        void open();
      }
    };
  }

  function receive(data: unknown): void {
    const message = parse(data);
    if (message === null) return;
    if (message.type === "ready") {
      // A gap before the first event has no id to be replayed from.
      if (failures > 0 && lastId === null) options.onResync();
      failures = 0;
      stopPolling();
      options.onState("open");
    } else if (message.type === "resync") {
      lastId = null;
      options.onResync();
    } else if (message.id !== null) {
      if (seen.has(message.id)) return;
      remember(message.id);
      options.onEvent({ id: message.id, type: message.type, data: message.data });
    }
  }

  function remember(id: string): void {
    lastId = id;
    seen.add(id);
    if (seen.size > remembered) {
      const oldest = seen.values().next().value;
      if (oldest !== undefined) seen.delete(oldest);
    }
  }

  function lost(): void {
    socket = null;
    if (closed) return;
    failures += 1;
    startPolling();
    const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
    // Half fixed, half chance: a server that restarts is not met by everybody at once.
    retryTimer = setTimeout(() => void open(), delay / 2 + (delay / 2) * random());
    options.onState("polling");
  }

  function clearRetry(): void {
    if (retryTimer !== null) clearTimeout(retryTimer);
    retryTimer = null;
  }

  function startPolling(): void {
    pollTimer ??= setInterval(() => options.onPoll(), pollMs);
  }

  function stopPolling(): void {
    if (pollTimer !== null) clearInterval(pollTimer);
    pollTimer = null;
  }

  function restart(): void {
    if (closed) return;
    clearRetry();
    opening += 1;
    socket?.close();
    socket = null;
    failures = 0;
    void open();
  }

  function close(): void {
    closed = true;
    opening += 1;
    clearRetry();
    stopPolling();
    socket?.close();
    socket = null;
  }

  void open();
  return { restart, close };
}

function parse(data: unknown): { type: string; id: string | null; data: unknown } | null {
  if (typeof data !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const message = value as { type?: unknown; id?: unknown; data?: unknown };
  if (typeof message.type !== "string") return null;
  const id = typeof message.id === "string" || typeof message.id === "number" ? String(message.id) : null;
  return { type: message.type, id, data: message.data };
}
