import { expect, test } from "../support/test";

test("everything is reachable by keyboard", async ({ signedIn: page }) => {
  await page.keyboard.press("?");
  await expect(
    page.getByRole("dialog", { name: "Keyboard shortcuts" }),
  ).toBeVisible();
  await page.keyboard.press("Escape");

  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(
    page.getByRole("heading", { level: 1, name: "Accounts" }),
  ).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("calendar");
  await page.keyboard.press("Enter");
  await expect(
    page.getByRole("heading", { level: 1, name: "Calendar" }),
  ).toBeVisible();

  await page.keyboard.press("c");
  await expect(page).toHaveURL(/\/compose/);
});

test("pausing says what it holds and resuming what it does", async ({
  signedIn: page,
}) => {
  await page.getByRole("button", { name: "Pause publishing" }).click();
  const dialog = page.getByRole("dialog");
  await expect(
    dialog.getByText(/scheduled post|Nothing is scheduled/),
  ).toBeVisible();
  await dialog.getByLabel("Reason").fill("Waiting for the lawyers");
  await dialog.getByRole("button", { name: "Pause publishing" }).click();
  await expect(page.getByText(/Publishing is paused for/)).toBeVisible();
  await expect(page.getByText("“Waiting for the lawyers”")).toBeVisible();

  await page.getByRole("button", { name: "Resume publishing" }).first().click();
  await dialog.getByRole("radio", { name: /Send them now/ }).check();
  await dialog.getByRole("button", { name: "Resume publishing" }).click();
  await expect(page.getByText(/Publishing is paused for/)).toHaveCount(0);
});

test("the chosen language is used at once and stays", async ({
  signedIn: page,
  demo,
}) => {
  await page.goto(`${demo.url}/profile`);
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(
    page.getByRole("heading", { level: 1, name: "Profil" }),
  ).toBeVisible();
  await page.reload();
  await expect(
    page.getByRole("heading", { level: 1, name: "Profil" }),
  ).toBeVisible();
  await page.getByLabel("Sprache").selectOption("en");
  await page.getByRole("button", { name: "Speichern" }).first().click();
  await expect(
    page.getByRole("heading", { level: 1, name: "Profile" }),
  ).toBeVisible();
});

test("what the role cannot do is absent, and a deep link to it says who can", async ({ signedIn: page, demo }) => {
  // The same workspace as somebody sees it who may only look at posts.
  await page.route(/\/api\/v1\/workspaces\/[0-9a-f-]+$/, async (route) => {
    const answer = await route.fetch();
    const workspace = (await answer.json()) as Record<string, unknown>;
    await route.fulfill({ response: answer, json: { ...workspace, my_permissions: ["posts.view"], my_brand_permissions: {} } });
  });
  await page.goto(demo.url);
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Posts" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "Accounts" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Compose" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Pause publishing" })).toHaveCount(0);

  await page.goto(`${demo.url}/settings/workspace`);
  await expect(page.getByText("Your role cannot open this page")).toBeVisible();
  await expect(page.getByText(/workspace\.settings.*Owner.*Admin/)).toBeVisible();
});

test("a server that is away is told, and the page comes back by itself", async ({ signedIn: page, demo }) => {
  await page.route("**/api/v1/**", (route) => route.abort());
  await page.goto(`${demo.url}/accounts`);
  await expect(page.getByText("The server cannot be reached.")).toBeVisible();
  await page.unroute("**/api/v1/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Accounts" })).toBeVisible();
});
