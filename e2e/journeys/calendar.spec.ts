import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/test";
import { berlinTime, openComposer, schedule, textBox, unique } from "../support/composer";

// A post in three days or more: the days beside its own lie ahead, too. Each journey takes another day, because a cell
// shows three posts and hides the rest behind "more".
let days = 3;
async function planned(page: Page, url: string): Promise<{ text: string; date: string; hour: number }> {
  const text = unique("Planned");
  const ahead = days++ * 24 * 60;
  await openComposer(page, url);
  await textBox(page).fill(text);
  await schedule(page, ahead);
  await expect(page).toHaveURL(/\/posts\//);
  const { date, time } = berlinTime(ahead);
  return { text, date, hour: Number(time.slice(0, 2)) };
}

function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function cell(page: Page, name: string) {
  return page.locator(`[role="gridcell"][data-cell="${name}"]`);
}

for (const view of ["month", "week", "list"] as const) {
  test(`the ${view} shows what is planned, on a desktop and on a phone`, async ({ signedIn: page, demo }) => {
    const { text, date } = await planned(page, demo.url);
    await page.goto(`${demo.url}/calendar?view=${view}&date=${date}`);
    await expect(page.getByRole("link", { name: new RegExp(text) })).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "Calendar" })).toBeVisible();
    if (view === "month") {
      await cell(page, date).getByRole("button").click();
      await expect(page.getByRole("dialog").getByRole("link", { name: new RegExp(text) })).toBeVisible();
    }
    await expectAccessible(page);
  });
}

test("a post moves from the keyboard and the move is undone", async ({ signedIn: page, demo }) => {
  const { text, date, hour } = await planned(page, demo.url);
  await page.goto(`${demo.url}/calendar?view=week&date=${date}`);
  const chip = page.getByRole("link", { name: new RegExp(text) });
  await chip.focus();
  await page.keyboard.press("m");
  await page.keyboard.press(hour < 12 ? "ArrowDown" : "ArrowUp");
  await expect(page.getByText(/Move to .*Enter puts it there/)).toBeAttached();
  const before = (await chip.getAttribute("data-cell")) ?? "";
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Moved to/)).toBeVisible();
  await expect(chip).not.toHaveAttribute("data-cell", before);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(chip).toHaveAttribute("data-cell", before);
  await page.reload();
  await expect(chip).toHaveAttribute("data-cell", before);
});

test("dragging reschedules, but not into the past", async ({ signedIn: page, demo }) => {
  const { text, date } = await planned(page, demo.url);
  await page.goto(`${demo.url}/calendar?view=month&date=${date}`);
  const chip = page.getByRole("link", { name: new RegExp(text) });
  const month = page.locator('[role="gridcell"]');
  await expect(chip).toBeVisible();
  const later = (await cell(page, dayAfter(date, 1)).count()) > 0 ? dayAfter(date, 1) : dayAfter(date, -1);
  await drag(page, chip, cell(page, later));
  await expect(page.getByText(/^Moved to/)).toBeVisible();
  await expect(cell(page, later).getByRole("link", { name: new RegExp(text) })).toBeVisible();

  // The first day of the shown month is over, or the month is turned back to one that is.
  const first = await month.first().getAttribute("data-cell");
  test.skip(first === null || first >= berlinTime(0).date, "no past day in sight today");
  await drag(page, page.getByRole("link", { name: new RegExp(text) }), month.first());
  await expect(page.getByText(/has passed. A post can only move/)).toBeVisible();
  await expect(cell(page, later).getByRole("link", { name: new RegExp(text) })).toBeVisible();
});

async function drag(page: Page, from: ReturnType<Page["locator"]>, to: ReturnType<Page["locator"]>): Promise<void> {
  await from.scrollIntoViewIfNeeded();
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (start === null || end === null) throw new Error("not on screen");
  await page.mouse.move(start.x + 20, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 40, start.y + start.height, { steps: 4 });
  // Near the edge the page scrolls under the pointer: aim again until the cell stands still.
  for (let aims = 0; aims < 5; aims += 1) {
    const box = (await to.boundingBox()) ?? end;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
    const after = await to.boundingBox();
    if (after !== null && after.y === box.y) break;
  }
  await page.mouse.up();
}

test("an empty hour composes for that hour", async ({ signedIn: page, demo }) => {
  const date = berlinTime(6 * 24 * 60).date;
  await page.goto(`${demo.url}/calendar?view=week&date=${date}`);
  const empty = cell(page, `${date}T15`);
  await empty.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/compose\?at=/);
  await textBox(page).fill(unique("At three"));
  await page.getByRole("button", { name: "Schedule", exact: true }).click();
  await expect(page.getByRole("dialog").getByLabel("Time", { exact: true })).toHaveValue("15:00");
  await expect(page.getByRole("dialog").getByLabel("Date", { exact: true })).toHaveValue(date);
});

test("filters stand in the address and survive a reload", async ({ signedIn: page, demo }) => {
  const { text, date } = await planned(page, demo.url);
  await page.goto(`${demo.url}/calendar?view=list&date=${date}`);
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByLabel("State").selectOption({ label: "Draft" });
  await expect(page).toHaveURL(/status=draft/);
  await expect(page.getByRole("link", { name: new RegExp(text) })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("link", { name: new RegExp(text) })).toHaveCount(0);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page.getByRole("link", { name: new RegExp(text) })).toBeVisible();
});
