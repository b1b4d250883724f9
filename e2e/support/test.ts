// The test object of all journeys: a demo program per worker, pages that are signed in, and an axe check.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { startProgram, type Program } from "./program";

type Fixtures = { signedIn: Page };
type WorkerFixtures = { demo: Program; empty: Program };

export const test = base.extend<Fixtures, WorkerFixtures>({
  demo: [
    async ({}, use) => {
      const program = await startProgram({ demo: true });
      await use(program);
      await program.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  empty: [
    async ({}, use) => {
      const program = await startProgram({ demo: false });
      await use(program);
      await program.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  signedIn: async ({ page, demo }, use) => {
    await page.goto(demo.url);
    await page.getByRole("button", { name: "Use the demo login" }).click();
    await expect(
      page.getByRole("heading", { name: "Dashboard" }),
    ).toBeVisible();
    await use(page);
  },
});

export { expect };

// Nothing that axe can find wrong, and nothing wider than the screen.
export async function expectAccessible(page: Page): Promise<void> {
  // A page whose code is still on its way has no heading yet.
  await page.locator("h1").first().waitFor({ state: "attached" });
  // Wait out entrances: half-faded text has half the contrast.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        (animation) =>
          animation.playState !== "running" ||
          animation.effect?.getComputedTiming().iterations === Infinity,
      ),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    ),
  ).toEqual([]);
  expect(
    await page.evaluate(
      () => document.documentElement.scrollWidth <= window.innerWidth,
    ),
    "fits the width",
  ).toBe(true);
}
