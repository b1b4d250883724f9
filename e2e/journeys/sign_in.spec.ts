import { hidingProxy } from "../support/proxy";
import { expect, test } from "../support/test";

test("a wrong password is told in words and keeps what was typed", async ({
  page,
  demo,
}) => {
  await page.goto(demo.url);
  await page.getByLabel("Email").fill("nobody@example.org");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue("nobody@example.org");
});

test("a deep link survives the sign-in, a reload keeps the session, signing out ends it", async ({
  page,
  demo,
}) => {
  await page.goto(`${demo.url}/accounts`);
  await page.getByRole("button", { name: "Use the demo login" }).click();
  await expect(
    page.getByRole("heading", { level: 1, name: "Accounts" }),
  ).toBeVisible();

  await page.reload();
  await expect(
    page.getByRole("heading", { level: 1, name: "Accounts" }),
  ).toBeVisible();

  await page.getByRole("button", { name: /your menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.goto(`${demo.url}/accounts`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("the token stays out of the browser's storage", async ({
  signedIn: page,
}) => {
  const stored = await page.evaluate(
    () =>
      JSON.stringify({ ...localStorage }) +
      JSON.stringify({ ...sessionStorage }) +
      document.cookie,
  );
  expect(stored).not.toMatch(/eyJ|token|mypost_refresh/);
});

test("ending another device's session sends it to the sign-in page", async ({
  signedIn: page,
  demo,
  browser,
}) => {
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(demo.url);
  await theirs.getByRole("button", { name: "Use the demo login" }).click();
  await expect(
    theirs.getByRole("heading", { name: "Dashboard" }),
  ).toBeVisible();

  await page.goto(`${demo.url}/profile`);
  const signOutOther = page.getByRole("button", { name: /^Sign out .+/ });
  await expect(signOutOther).not.toHaveCount(0);
  while ((await signOutOther.count()) > 0) {
    const before = await signOutOther.count();
    await signOutOther.first().click();
    await expect(signOutOther).toHaveCount(before - 1);
  }
  await expect(theirs.getByRole("button", { name: "Sign in" })).toBeVisible();
  await other.close();
});

test("a proxy that hides the host is named on the page, with the setting to change", async ({ page, demo }) => {
  const proxy = await hidingProxy(demo.url);
  try {
    await page.goto(proxy.url);
    const alert = page.getByRole("alert").filter({ hasText: "A setting of this installation is wrong" });
    await expect(alert).toContainText("MYPOST_PUBLIC_URL");
    await expect(alert).toContainText(proxy.url);
  } finally {
    await proxy.stop();
  }
});
