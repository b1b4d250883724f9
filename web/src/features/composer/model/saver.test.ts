import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/lib/api/error";
import type { Post } from "@/lib/api/types";
import { draftFromPost, withField } from "./draft";
import { createSaver, type SaverIo, type SaveState } from "./saver";
import { draft, post } from "./testing";

const refusal = (status: number, code: string) => new ApiError({ status, code, detail: code });
const delayMs = 2000;

function setup(initial: Post | null = null) {
  const io = {
    create: vi.fn<SaverIo["create"]>((sent) => Promise.resolve(post(sent.content.body, 1))),
    update: vi.fn<SaverIo["update"]>((_id, sent, version) => Promise.resolve(post(sent.content.body, version + 1))),
    read: vi.fn<SaverIo["read"]>(() => Promise.resolve(post("theirs", 9))),
  };
  const states: SaveState[] = [];
  const saver = createSaver({
    io,
    initial: initial && { post: initial, draft: draftFromPost(initial) },
    delayMs,
    automatic: true,
    onState: (state) => states.push(state),
    onStored: () => undefined,
  });
  return { io, saver, phase: () => states.at(-1)?.phase, state: () => states.at(-1) };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe("saving by itself", () => {
  it("creates the draft once typing has gone on for the delay, then updates it", async () => {
    const { io, saver, phase } = setup();
    saver.edit(draft("H"));
    expect(phase()).toBe("dirty");
    await vi.advanceTimersByTimeAsync(delayMs - 1);
    saver.edit(draft("Hello"));
    expect(io.create).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(io.create).toHaveBeenCalledOnce();
    expect(io.create.mock.calls[0]?.[0].content.body).toBe("Hello");
    expect(phase()).toBe("clean");
    saver.edit(draft("Hello you"));
    await vi.advanceTimersByTimeAsync(delayMs);
    expect(io.update).toHaveBeenCalledWith("post-1", expect.anything(), 1, expect.anything());
  });

  it("makes no post of an untouched composer", async () => {
    const { io, saver } = setup();
    saver.edit(draft("   "));
    await vi.advanceTimersByTimeAsync(10 * delayMs);
    expect(await saver.flush()).toBe(true);
    expect(io.create).not.toHaveBeenCalled();
  });

  it("sends what was typed during a request with the next one", async () => {
    const { io, saver, phase } = setup(post("one", 1));
    let answer: (stored: Post) => void = () => undefined;
    io.update.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    saver.edit(draft("two"));
    await vi.advanceTimersByTimeAsync(delayMs);
    saver.edit(draft("three"));
    answer(post("two", 2));
    await vi.advanceTimersByTimeAsync(0);
    expect(phase()).toBe("dirty");
    await vi.advanceTimersByTimeAsync(delayMs);
    expect(io.update.mock.calls.map(([, sent, version]) => [sent.content.body, version])).toEqual([
      ["two", 1],
      ["three", 2],
    ]);
    expect(phase()).toBe("clean");
  });

  it("stops when an edit is taken back", async () => {
    const { io, saver, phase } = setup(post("one", 1));
    saver.edit(draft("two"));
    saver.edit(draft("one"));
    expect(phase()).toBe("clean");
    await vi.advanceTimersByTimeAsync(10 * delayMs);
    expect(io.update).not.toHaveBeenCalled();
  });
});

describe("a save that fails", () => {
  it("keeps the text and tries again by itself when the server was away", async () => {
    const { io, saver, phase } = setup(post("one", 1));
    io.update.mockRejectedValueOnce(refusal(0, "network_unreachable"));
    saver.edit(draft("two"));
    await vi.advanceTimersByTimeAsync(delayMs);
    expect(phase()).toBe("failed");
    await vi.advanceTimersByTimeAsync(3000);
    expect(phase()).toBe("clean");
    expect(saver.stored()?.draft.content.body).toBe("two");
  });

  it("repeats a lost creation unchanged under the same key, so that no second post appears", async () => {
    const { io, saver } = setup();
    io.create.mockRejectedValueOnce(refusal(0, "network_unreachable"));
    saver.edit(draft("first"));
    await vi.advanceTimersByTimeAsync(delayMs);
    saver.edit(draft("first and more"));
    expect(await saver.flush()).toBe(true);
    const [lost, again] = io.create.mock.calls;
    expect(again?.[0]).toEqual(lost?.[0]);
    expect(again?.[1]).toBe(lost?.[1]);
    expect(io.update.mock.calls[0]?.[1].content.body).toBe("first and more");
  });

  it("waits for another edit when the text itself was refused", async () => {
    const { io, saver, phase } = setup(post("one", 1));
    io.update.mockRejectedValueOnce(refusal(422, "validation_failed"));
    saver.edit(draft("bad"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(phase()).toBe("failed");
    expect(io.update).toHaveBeenCalledOnce();
    expect(await saver.flush()).toBe(true);
  });
});

describe("a stale save", () => {
  it("stops, shows what the other person stored, and saves the merged text on top of it", async () => {
    const { io, saver, state } = setup(post("one", 1));
    io.update.mockRejectedValueOnce(refusal(412, "version_mismatch"));
    saver.edit(draft("mine"));
    await vi.advanceTimersByTimeAsync(delayMs);
    expect(state()).toMatchObject({ phase: "conflict", theirs: { content: { body: "theirs" }, version: 9 } });
    saver.edit(draft("mine and more"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(io.update).toHaveBeenCalledOnce();
    saver.resolve(draft("merged"), post("theirs", 9));
    await vi.advanceTimersByTimeAsync(0);
    expect(io.update.mock.calls[1]?.slice(1, 3)).toMatchObject([{ content: { body: "merged" } }, 9]);
    expect(state()).toEqual({ phase: "clean" });
  });
});

describe("a post whose publishing has begun", () => {
  it("takes no more saves", async () => {
    const { io, saver, phase } = setup(post("one", 1));
    io.update.mockRejectedValueOnce(refusal(409, "publishing_started"));
    saver.edit(draft("late"));
    await vi.advanceTimersByTimeAsync(delayMs);
    expect(phase()).toBe("started");
    saver.edit(draft("later"));
    expect(await saver.flush()).toBe(false);
    expect(io.update).toHaveBeenCalledOnce();
  });
});

describe("news from elsewhere", () => {
  it("replace the text when nothing is unsaved and are refused when something is", () => {
    const { saver } = setup(post("one", 1));
    expect(saver.adopt(post("two", 2))).toBe(true);
    expect(saver.stored()?.draft.content.body).toBe("two");
    saver.edit(withField(draft("two"), "all", "body", "typing"));
    expect(saver.adopt(post("three", 3))).toBe(false);
    expect(saver.adopt(post("two", 2, { status: "scheduled" }))).toBe(true);
    expect(saver.stored()?.post.status).toBe("scheduled");
  });
});
