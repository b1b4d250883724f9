import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Toaster } from "@/components/ui/toaster";
import { toastUndoable } from "@/lib/toast";
import { renderIn } from "@/testing/render";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const wait = (ms: number): void => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};

async function deletePost() {
  const run = vi.fn();
  const undo = vi.fn();
  await renderIn(<Toaster />);
  act(() => toastUndoable("Post deleted", run, undo));
  expect(screen.getByText("Post deleted")).toBeVisible();
  return { run, undo };
}

it("does it when the undo time is over, once", async () => {
  const { run, undo } = await deletePost();
  wait(7999);
  expect(run).not.toHaveBeenCalled();
  wait(1);
  window.dispatchEvent(new Event("pagehide"));
  expect(run).toHaveBeenCalledTimes(1);
  expect(undo).not.toHaveBeenCalled();
});

it("does not do it after undo", async () => {
  const { run, undo } = await deletePost();
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  wait(60_000);
  window.dispatchEvent(new Event("pagehide"));
  expect(undo).toHaveBeenCalledTimes(1);
  expect(run).not.toHaveBeenCalled();
});

it("does it at once when the page is left", async () => {
  const { run } = await deletePost();
  window.dispatchEvent(new Event("pagehide"));
  expect(run).toHaveBeenCalledTimes(1);
  wait(60_000);
  expect(run).toHaveBeenCalledTimes(1);
});

it("waits while the pointer rests on it", async () => {
  const { run } = await deletePost();
  const toast = screen.getByText("Post deleted");
  fireEvent.pointerEnter(toast);
  wait(60_000);
  expect(run).not.toHaveBeenCalled();
});
