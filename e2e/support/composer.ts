// What journeys do in the composer again and again.
import { expect, type Page } from "@playwright/test";

export const brand = "Northwind Coffee";

// Opens an empty composer for the demo's brand with one account on each network.
export async function openComposer(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/compose`);
  await page.getByLabel("Brand", { exact: true }).selectOption({ label: brand });
  const accounts = page.getByRole("group", { name: "Accounts" });
  for (const network of ["X", "Mastodon", "Bluesky"]) {
    const toggle = accounts.getByRole("button", { name: new RegExp(`^${network} `) });
    if ((await toggle.getAttribute("aria-pressed")) === "false") await toggle.click();
    await expect(toggle).toHaveAttribute("aria-pressed", "true");
  }
}

export function textBox(page: Page) {
  return page.locator("#composer-body");
}

// Tells texts of journeys apart on the simulated networks, which keep them all.
export function unique(text: string): string {
  return `${text} ${Math.random().toString(36).slice(2, 9)}`;
}

export async function saved(page: Page): Promise<void> {
  await expect(page.getByText(/^Saved at/)).toBeVisible();
}

export function postId(page: Page): string {
  const id = /(?:compose|posts)\/([0-9a-f-]{36})/.exec(page.url())?.[1];
  if (id === undefined) throw new Error(`No post in ${page.url()}`);
  return id;
}

// "2026-11-23T09:30" on the demo workspace's clock, so many minutes from now.
export function berlinTime(minutesAhead: number): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin", dateStyle: "short", timeStyle: "short", hourCycle: "h23" })
    .format(Date.now() + minutesAhead * 60_000)
    .split(", ");
  return { date: parts[0] ?? "", time: parts[1] ?? "" };
}

export async function schedule(page: Page, minutesAhead: number): Promise<void> {
  await page.getByRole("button", { name: "Schedule", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Schedule" });
  const { date, time } = berlinTime(minutesAhead);
  await dialog.getByLabel("Date", { exact: true }).fill(date);
  await dialog.getByLabel("Time", { exact: true }).fill(time);
  await dialog.getByRole("button", { name: "Schedule" }).click();
}
