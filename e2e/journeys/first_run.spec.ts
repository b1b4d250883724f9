import { expect, expectAccessible, test } from "../support/test";
import { startProgram } from "../support/program";

test("from an empty server to the composer with a sample post", async ({
  page,
}) => {
  const program = await startProgram({ demo: false });
  try {
    await page.goto(program.url);
    await expect(
      page.getByRole("heading", { name: "Set up MyPost" }),
    ).toBeVisible();
    await expectAccessible(page);

    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("Enter your name.")).toBeVisible();
    await page.getByLabel("Your name").fill("Mia Wolf");
    await page.getByLabel("Email").fill("mia@example.org");
    await page.getByLabel("Password").fill("correct horse battery");
    const token = /set-?up[ _]token\W+([\w-]{16,})/i.exec(
      program.output(),
    )?.[1];
    if ((await page.getByLabel("Set-up token").count()) > 0)
      await page.getByLabel("Set-up token").fill(token ?? "");
    await page.getByRole("button", { name: "Continue" }).click();

    await page.getByLabel("Name of the workspace").fill("Nordlicht");
    await page.getByLabel("Time zone").selectOption("Europe/Berlin");
    await page.getByRole("button", { name: "Create workspace" }).click();

    await expect(page.getByRole("button", { name: /Bluesky/ })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: /Later/ }).click();
    await expect(
      page.getByRole("heading", { level: 1, name: "Dashboard" }),
    ).toBeVisible();
    await expect(page.getByText("Let your first post take off")).toBeVisible();

    // Once only.
    await page.goto(`${program.url}/setup`);
    await expect(
      page.getByRole("heading", { level: 1, name: "Dashboard" }),
    ).toBeVisible();
  } finally {
    await program.stop();
  }
});
