import { expect, expectAccessible, test } from "../support/test";
import { berlinTime, openComposer, postId, saved, schedule, textBox, unique } from "../support/composer";
import { picture } from "../support/picture";

type Simulated = { account: string; text: string; media: { alt: string }[]; url: string };

async function postsOn(sandbox: string, network: string): Promise<Simulated[]> {
  const answer = await fetch(`${sandbox}/_sandbox/${network}/posts`);
  return ((await answer.json()) as { data: Simulated[] }).data;
}

test("one post with a picture, its own text on Mastodon, goes out live on three networks", async ({ signedIn: page, demo }) => {
  await openComposer(page, demo.url);
  const text = unique("Fresh rye bread, baked over night 🥖 #bakery");
  const own = unique("Bread for the fediverse");
  await textBox(page).fill(text);
  await page.locator('input[type="file"]').setInputFiles(picture("bread.png"));
  await page.getByLabel("Alternative text of Picture 1 of 1").fill("A loaf of rye bread");

  await page.getByRole("tab", { name: /Mastodon/ }).click();
  await expect(textBox(page)).toHaveValue(text);
  await textBox(page).fill(own);
  await expect(page.getByRole("tab", { name: /Mastodon.*Differs/ })).toBeVisible();
  await page.getByRole("tab", { name: "All" }).click();
  await expect(textBox(page)).toHaveValue(text);
  const preview = page.getByRole("complementary", { name: "Preview" });
  await expect(preview.getByText(own)).toBeVisible();
  await expect(page.getByText("Ready: every network takes this post")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Publish now" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Publish now on 3 accounts?")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Publish now" }).click();

  // No reload from here on: the states arrive by themselves.
  await expect(page).toHaveURL(/\/posts\//);
  for (const network of ["X", "Mastodon", "Bluesky"]) {
    await expect(page.getByRole("article", { name: new RegExp(`^${network}`) }).getByText("Published", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  }
  await expect(page.getByRole("status").filter({ hasText: /^Published$/ }).first()).toBeVisible();
  await expectAccessible(page);

  const [onX, onMastodon, onBluesky] = await Promise.all(["x", "mastodon", "bluesky"].map((network) => postsOn(demo.sandboxUrl, network)));
  expect(onMastodon?.filter((post) => post.text.includes(own))).toHaveLength(1);
  expect(onMastodon?.some((post) => post.text.includes(text))).toBe(false);
  const tail = text.slice(-7);
  for (const found of [onX, onBluesky]) {
    const mine = found?.filter((post) => post.text.includes(tail)) ?? [];
    expect(mine).toHaveLength(1);
    expect(mine[0]?.media.map(({ alt }) => alt)).toEqual(["A loaf of rye bread"]);
  }

  const [opened] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: "Open on Mastodon" }).click()]);
  await expect(opened.getByText(own).first()).toBeVisible();
});

test("the next minute is scheduled, the past is refused with the reason", async ({ signedIn: page, demo }) => {
  test.setTimeout(180_000);
  await openComposer(page, demo.url);
  await textBox(page).fill(unique("On the minute"));
  await page.getByRole("button", { name: "Schedule", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Schedule" });
  const past = berlinTime(-5);
  await dialog.getByLabel("Date", { exact: true }).fill(past.date);
  await dialog.getByLabel("Time", { exact: true }).fill(past.time);
  await dialog.getByRole("button", { name: "Schedule" }).click();
  await expect(dialog.getByText(/That time has passed/)).toBeVisible();
  await expectAccessible(page);

  const next = berlinTime(1);
  await dialog.getByLabel("Date", { exact: true }).fill(next.date);
  await dialog.getByLabel("Time", { exact: true }).fill(next.time);
  await dialog.getByRole("button", { name: "Schedule" }).click();
  await expect(page).toHaveURL(/\/posts\//);
  await expect(page.getByRole("status").filter({ hasText: /^Published$/ })).not.toHaveCount(0, { timeout: 120_000 });
  await expect(page.getByRole("link", { name: "Open on X" })).toBeVisible({ timeout: 60_000 });
});

test("a draft saves itself, keeps its text when the server is away, and is found again", async ({ signedIn: page, demo }) => {
  await openComposer(page, demo.url);
  const text = unique("Written on the train");
  await textBox(page).fill(text);
  await saved(page);
  await expect(page).toHaveURL(/\/compose\/[0-9a-f-]{36}$/);
  await expect(textBox(page)).toBeFocused();

  await page.route("**/api/v1/workspaces/*/posts/*", (route) => (route.request().method() === "PATCH" ? route.abort() : route.fallback()));
  await textBox(page).pressSequentially(" in a tunnel");
  await expect(page.getByText(/Not saved; your text is kept here/)).toBeVisible();
  await expect(textBox(page)).toHaveValue(`${text} in a tunnel`);
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await saved(page);

  await textBox(page).pressSequentially(", and out again");
  // Leaving saves what the two seconds have not.
  await page.getByRole("link", { name: "Posts", exact: true }).first().click();
  await page.getByRole("link", { name: new RegExp(text) }).first().click();
  await expect(page.getByText(`${text} in a tunnel, and out again`).first()).toBeVisible();
});

test("a second, stale save offers to merge and loses nothing", async ({ signedIn: page, demo }) => {
  await openComposer(page, demo.url);
  const mine = unique("Mine");
  await textBox(page).fill("Start");
  await saved(page);
  const other = await page.context().newPage();
  await other.goto(`${demo.url}/compose/${postId(page)}`);
  await expect(textBox(other)).toHaveValue("Start");
  // The live event must not bring the other's text in before the stale save.
  await textBox(page).fill(mine);
  await textBox(other).fill("Theirs");
  await expect(other.getByText(/^Saved at|Someone else saved/).first()).toBeVisible();

  const [late, first] = (await other.getByRole("dialog").count()) > 0 ? [other, page] : [page, other];
  const dialog = late.getByRole("dialog", { name: "Someone else saved this post" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByText(mine)).toBeVisible();
  await expect(dialog.getByText("Theirs", { exact: true }).last()).toBeVisible();
  await expectAccessible(late);
  await dialog.getByRole("radio", { name: new RegExp(mine) }).check();
  await dialog.getByRole("button", { name: "Save the merged post" }).click();
  await saved(late);
  await late.reload();
  await expect(textBox(late)).toHaveValue(mine);
  await first.close();
});

test("each network counts in its own way, and a problem leads to where it is mended", async ({ signedIn: page, demo }) => {
  await openComposer(page, demo.url);
  await textBox(page).fill("Hello, world! 👋");
  const counters = page.getByRole("list", { name: "Length per network" });
  await expect(counters.getByText("X: 16 of 280")).toBeAttached();
  await expect(counters.getByText("Mastodon: 15 of 500")).toBeAttached();
  await expect(counters.getByText("Bluesky: 15 of 300")).toBeAttached();

  await textBox(page).fill("字".repeat(141));
  await expect(counters.getByText("X: 282 of 280")).toBeAttached();
  const issues = page.getByRole("region", { name: "Check before publishing" });
  await expect(issues.getByText("1 problem to mend")).toBeVisible();
  await page.getByRole("heading", { level: 1 }).evaluate((heading) => (heading as HTMLElement).blur());
  await issues.getByRole("button").first().click();
  await expect(textBox(page)).toBeFocused();

  // Shortening it for X alone is enough.
  await page.getByRole("tab", { name: /^X/ }).click();
  await textBox(page).fill("字".repeat(140));
  await expect(page.getByText("Ready: every network takes this post")).toBeVisible();
  await page.getByRole("button", { name: /Same as “All”/ }).click();
  await expect(issues.getByText("1 problem to mend")).toBeVisible();
});

test("a thread, and pictures put in order from the keyboard", async ({ signedIn: page, demo }) => {
  await openComposer(page, demo.url);
  await textBox(page).fill("Part one");
  await page.getByRole("button", { name: "Add to thread" }).click();
  await page.getByLabel("Post 2 of 2").fill("Part two");
  await page.locator('input[type="file"]').first().setInputFiles([picture("one.png"), picture("two.png")]);
  const pictures = page.getByRole("list", { name: "Pictures" });
  await expect(pictures.getByRole("listitem")).toHaveCount(2);
  await page.getByLabel("Alternative text of Picture 1 of 2").fill("First");
  await page.getByLabel("Alternative text of Picture 2 of 2").fill("Second");
  await page.getByRole("button", { name: "Move Picture 1 of 2", exact: true }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("Picture 1 of 2 is over place 1 of 2")).toBeAttached();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("Picture 1 of 2 is over place 2 of 2")).toBeAttached();
  await page.keyboard.press("Space");
  await expect(page.getByLabel("Alternative text of Picture 1 of 2")).toHaveValue("Second");
  await saved(page);
  await page.reload();
  await expect(page.getByLabel("Alternative text of Picture 1 of 2")).toHaveValue("Second");
  await expect(page.getByLabel("Post 2 of 2")).toHaveValue("Part two");
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
});

test("what is scheduled can be changed and says so", async ({ signedIn: page, demo }) => {
  await openComposer(page, demo.url);
  const text = unique("Before");
  await textBox(page).fill(text);
  await schedule(page, 24 * 60);
  await expect(page).toHaveURL(/\/posts\//);
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByText(/This post is scheduled/)).toBeVisible();
  await textBox(page).fill(`${text} and after`);
  await page.getByRole("button", { name: "Save changes" }).click();
  await saved(page);
  await page.goto(`${demo.url}/posts/${postId(page)}`);
  await expect(page.getByText(`${text} and after`).first()).toBeVisible();
  await expect(page.getByText("Scheduled", { exact: true }).first()).toBeVisible();
});
