// Every page, in both themes, on a desktop and on a phone: it shows itself, axe finds nothing, nothing overflows.
import { expect, expectAccessible, test } from "../support/test";

const pages = [
  ["/", "Dashboard"],
  ["/calendar", "Calendar"],
  ["/posts", "Posts"],
  ["/accounts", "Accounts"],
  ["/profile", "Profile"],
  ["/settings/workspace", "Settings"],
  ["/settings/brands", "Settings"],
  ["/settings/team", "Settings"],
  ["/system/network-apps", "Network apps"],
] as const;

const screens = [
  { name: "desktop", width: 1440, height: 900 },
  { name: "phone", width: 390, height: 844 },
];

for (const theme of ["dark", "light"] as const) {
  for (const { name, width, height } of screens) {
    test(`every page, ${theme}, ${name}`, async ({ signedIn: page, demo }) => {
      test.setTimeout(180_000);
      await page.setViewportSize({ width, height });
      await page.evaluate(
        (choice) => localStorage.setItem("mypost.theme", choice),
        theme,
      );
      for (const [path, title] of pages) {
        await test.step(path, async () => {
          await page.goto(demo.url + path);
          await expect(
            page.getByRole("heading", { level: 1, name: title }),
          ).toBeVisible();
          await expectAccessible(page);
        });
      }
      await test.step("/compose", async () => {
        await page.goto(`${demo.url}/compose`);
        await expect(page.getByRole("textbox").first()).toBeVisible();
        await expectAccessible(page);
      });
    });
  }
}

test("the sign-in page, with and without demo", async ({
  page,
  demo,
  empty,
}) => {
  await page.goto(`${demo.url}/sign-in`);
  await expect(
    page.getByRole("button", { name: "Use the demo login" }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${empty.url}/sign-in`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(
    page.getByRole("button", { name: "Use the demo login" }),
  ).toHaveCount(0);
  await expectAccessible(page);
});

test("an unknown address says so", async ({ signedIn: page, demo }) => {
  await page.goto(`${demo.url}/no/such/page`);
  await expect(page.getByText("There is nothing here")).toBeVisible();
});
