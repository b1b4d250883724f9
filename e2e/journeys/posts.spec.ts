import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/test";
import { openComposer, saved, schedule, textBox, unique } from "../support/composer";

async function drafted(page: Page, url: string, text: string): Promise<void> {
  await openComposer(page, url);
  await textBox(page).fill(text);
  await saved(page);
}

test("posts are found by text and by state, in the address", async ({ signedIn: page, demo }) => {
  const text = unique("Needle");
  await drafted(page, demo.url, text);
  await page.goto(`${demo.url}/posts`);
  await page.getByRole("searchbox").fill(text.split(" ")[1] ?? text);
  await expect(page).toHaveURL(/q=/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("link", { name: text })).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${page.url()}&status=published`);
  await expect(page.getByText("No post matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).last().click();
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
});

test("chosen posts are deleted together", async ({ signedIn: page, demo }) => {
  const mark = `m${Math.random().toString(36).slice(2, 9)}`;
  for (const number of ["one", "two"]) await drafted(page, demo.url, `Bulk ${number} ${mark}`);
  await page.goto(`${demo.url}/posts?q=${mark}`);
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByRole("checkbox", { name: "Choose all shown posts" }).check();
  await page.getByRole("button", { name: "Delete 2" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete 2" }).click();
  await expect(page.getByText("2 posts deleted")).toBeVisible();
  await expect(page.getByText("No post matches")).toBeVisible();
});

test("a scheduled post goes back to a draft, is duplicated and deleted", async ({ signedIn: page, demo }) => {
  const text = unique("Back and forth");
  await openComposer(page, demo.url);
  await textBox(page).fill(text);
  await schedule(page, 2 * 24 * 60);
  await expect(page).toHaveURL(/\/posts\//);
  const address = page.url();
  await expect(page.getByText("Scheduled", { exact: true }).first()).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Back to draft" }).click();
  await expect(page.getByText("Draft", { exact: true }).first()).toBeVisible();

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect(page).toHaveURL(/\/compose\//);
  await expect(textBox(page)).toHaveValue(text);

  await page.goto(address);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("dialog").getByText(new RegExp(`Delete “${text}”`))).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/posts$/);
  await page.goto(address);
  await expect(page.getByRole("alert")).toBeVisible();
});

test("a published post shows the evidence of every call", async ({ signedIn: page, demo }) => {
  await openComposer(page, demo.url);
  await textBox(page).fill(unique("Proof"));
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish now" }).click();
  await expect(page.getByRole("link", { name: "Open on X" })).toBeVisible({ timeout: 60_000 });
  const calls = page.getByRole("group").filter({ hasText: /Worked/ });
  await expect(calls.first()).toBeVisible();
  await calls.first().locator("summary").click();
  await expect(page.getByText(/^POST http/).first()).toBeVisible();
  await expect(page.getByText(/Bearer|accessJwt/)).toHaveCount(0);
  await expectAccessible(page);
});

test("a refusal by the network is explained and can be tried again", async ({ signedIn: page, demo }) => {
  const fault = { match: { method: "POST", path: "/2/tweets" }, mode: "status", status: 403, body: { title: "Forbidden", status: 403, detail: "You are not permitted to perform this action.", type: "about:blank" }, times: 1 };
  const answer = await fetch(`${demo.sandboxUrl}/_sandbox/x/faults`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fault) });
  expect(answer.ok).toBe(true);
  await openComposer(page, demo.url);
  await textBox(page).fill(unique("Refused at first"));
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish now" }).click();
  const onX = page.getByRole("article", { name: /^X/ });
  await expect(onX.getByText("Failed", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);
  await onX.getByRole("button", { name: "Try again" }).click();
  await expect(onX.getByText("Published", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
});
