import { expect, expectAccessible, test } from "../support/test";
import { startProgram } from "../support/program";

type State = { networks: Record<string, { accounts: { handle: string; name: string; app_password?: string }[] }> };

// People of the simulated network whom the demo workspace has not connected yet.
async function strangers(sandboxUrl: string, network: string): Promise<State["networks"][string]["accounts"]> {
  const answer = await fetch(`${sandboxUrl}/_sandbox/state`);
  const state = (await answer.json()) as State;
  const accounts = state.networks[network]?.accounts ?? [];
  expect(accounts.length, `${network} has people`).toBeGreaterThan(5);
  return accounts.slice(-3);
}

test("X: through the network's consent page and back", async ({ signedIn: page, demo }) => {
  const [person] = await strangers(demo.sandboxUrl, "x");
  await page.goto(`${demo.url}/accounts`);
  await expect(page.getByRole("main").getByText("Connected").first()).toBeVisible();
  await page.getByRole("button", { name: "Connect account" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^X/ }).click();
  await page.getByText("Redirect URI").click();
  await expect(page.getByRole("dialog").getByText(`${demo.url}/api/v1/oauth/x/callback`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Continue to X" }).click();

  await page.waitForURL(`${demo.sandboxUrl}/**`);
  await page.getByRole("radio", { name: new RegExp(`@${person?.handle ?? ""}$`) }).check();
  await page.getByRole("button", { name: "Authorize app" }).click();

  await expect(page.getByRole("checkbox", { name: new RegExp(person?.handle ?? "") })).toBeChecked();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Accounts" })).toBeVisible();
  await expect(page.getByRole("main").getByText(new RegExp(`X · @?${person?.handle ?? ""}$`))).toBeVisible();
});

test("a refused consent is told in words and changes nothing", async ({ signedIn: page, demo }) => {
  await page.goto(`${demo.url}/accounts`);
  const cards = page.getByRole("main").getByRole("listitem");
  await expect(page.getByRole("main").getByText("Connected").first()).toBeVisible();
  const before = await cards.count();
  await page.getByRole("button", { name: "Connect account" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Mastodon/ }).click();
  await page.getByLabel("Your instance").fill("mastodon.example");
  await page.getByRole("button", { name: "Continue to mastodon.example" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("The account was not connected")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Back to the accounts" }).click();
  await expect(cards).toHaveCount(before);
});

test("Bluesky: by app password; a wrong one is told; disconnecting keeps the account and it comes back", async ({ signedIn: page, demo }) => {
  const [person] = (await strangers(demo.sandboxUrl, "bluesky")).filter(({ app_password }) => app_password !== undefined);
  const handle = person?.handle ?? "";
  await page.goto(`${demo.url}/accounts`);
  await expect(page.getByRole("main").getByText("Connected").first()).toBeVisible();
  await page.getByRole("button", { name: "Connect account" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Bluesky/ }).click();
  await page.getByLabel("Handle").fill(handle);
  await page.getByLabel("App password").fill("abcd-abcd-abcd-abcd");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("Handle")).toHaveValue(handle);
  await page.getByLabel("App password").fill(person?.app_password ?? "");
  await page.getByRole("button", { name: "Connect", exact: true }).click();

  const card = page.getByRole("main").getByRole("listitem").filter({ hasText: handle });
  await expect(card.getByText("Connected")).toBeVisible();

  await card.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Pause this account" }).click();
  await expect(card.getByText("Paused")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card.getByText("Connected")).toBeVisible();

  await card.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Disconnect…" }).click();
  await expect(page.getByRole("dialog")).toContainText(handle);
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect(card.getByText("Disconnected")).toBeVisible();

  await card.getByRole("button", { name: "Connect again" }).click();
  await expect(page.getByLabel("Handle")).toHaveValue(handle);
  await page.getByLabel("App password").fill(person?.app_password ?? "");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(card).toHaveCount(1);
  await expect(card.getByText("Connected")).toBeVisible();
});

test("first run goes through a network to the composer with a sample post", async ({ page, demo }) => {
  const program = await startProgram({ demo: false, networksVia: demo.sandboxUrl });
  try {
    await page.goto(program.url);
    await page.getByLabel("Your name").fill("Mia Wolf");
    await page.getByLabel("Email").fill("mia@example.org");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("Name of the workspace").fill("Nordlicht");
    await page.getByRole("button", { name: "Create workspace" }).click();
    await page.getByRole("button", { name: /^Mastodon/ }).click();
    await page.getByLabel("Your instance").fill("mastodon.example");
    await page.getByRole("button", { name: "Continue to mastodon.example" }).click();
    await page.getByRole("button", { name: "Authorize app" }).click();
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(page).toHaveURL(/\/compose/);
    await expect(page.getByRole("textbox", { name: "Text" })).not.toHaveValue("");
  } finally {
    await program.stop();
  }
});
