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
