import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { PauseForm } from "@/features/pausing/pause_form";
import type { Scope } from "@/features/pausing/scope";
import texts from "@/locales/en/pausing.json";
import { mockServer, problem } from "@/testing/fetch_mock";
import { renderIn } from "@/testing/render";

const scope: Scope = { kind: "brand", id: "b1", name: "Café Morgenrot", pause: null };
const at = "2026-11-23T08:00:00.000Z";
const item = (id: string, status: string) => ({
  id,
  brand_id: "b1",
  status,
  scheduled_at: at,
  title: id,
  labels: [],
  targets: [],
  readiness: "ok",
});
const calendar = { body: { data: [item("p1", "scheduled"), item("p2", "scheduled"), item("p3", "draft")] } };

it("says what the pause holds and sends the reason", async () => {
  const { sent } = mockServer({
    "GET /workspaces/w1/calendar": calendar,
    "POST /workspaces/w1/brands/b1/pause": { body: { paused: true } },
  });
  const onDone = vi.fn();
  await renderIn(<PauseForm scope={scope} onDone={onDone} />, { pausing: texts });
  expect(await screen.findByText(/Holds 2 scheduled posts/)).toBeVisible();
  await userEvent.type(screen.getByRole("textbox", { name: "Reason" }), "  Product recall ");
  await userEvent.click(screen.getByRole("button", { name: "Pause publishing" }));
  await vi.waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(sent.at(-1)?.body ?? sent.find(({ method }) => method === "POST")?.body).toEqual({ reason: "Product recall" });
});

it("shows a refused field at its input and keeps what was typed", async () => {
  mockServer({
    "GET /workspaces/w1/calendar": calendar,
    "POST /workspaces/w1/brands/b1/pause": problem(422, "validation_failed", {
      errors: [{ field: "/reason", code: "too_long", message: "At most 500 characters." }],
    }),
  });
  await renderIn(<PauseForm scope={scope} onDone={() => undefined} />, { pausing: texts });
  const reason = screen.getByRole("textbox", { name: "Reason" });
  await userEvent.type(reason, "because");
  await userEvent.click(screen.getByRole("button", { name: "Pause publishing" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("At most 500 characters.");
  expect(reason).toHaveValue("because");
  expect(reason).toHaveAccessibleDescription(/At most 500 characters/);
});
