import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { DateTimeInput } from "@/components/ui/date_time_input";
import { renderIn } from "@/testing/render";

const show = (value: string) => renderIn(<DateTimeInput label="When" value={value} onChange={() => undefined} zone="Europe/Berlin" />);

it("names the zone that the time is meant in", async () => {
  await show("2026-07-01T09:00");
  expect(screen.getByRole("group", { name: "When" })).toHaveAccessibleDescription(/In Europe\/Berlin/);
});

it("tells of a time that clocks skip, and of one they show twice", async () => {
  await show("2026-03-29T02:30");
  expect(screen.getByText(/Clocks skip this time/)).toBeVisible();
  await show("2026-10-25T02:30");
  expect(screen.getByText(/twice that day/)).toBeVisible();
});
