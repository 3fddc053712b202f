import { describe, expect, test } from "vitest";
import { poorContrast, unnamedControls } from "./dev/browser.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

describe.skipIf(missingBrowser)("silences and notifications", () => {
  const { open, visit, api } = openPages();

  /** What was asked for, apart from previews. */
  const asked = () => api().changes.filter(({ request }) => !request.endsWith("/preview"));

  test("those that hold, those that come and those that are over are told apart", async () => {
    const page = await open("/silences");
    const current = page.getByRole("region", { name: "Current" });
    await current
      .getByRole("row", { name: /web\.health/ })
      .getByText("silent")
      .waitFor();
    const window = current.getByRole("row", { name: /service api/ });
    await window.getByText("the manifest").waitFor();
    expect(await window.textContent()).toMatch(/0 2 \* \* 0 \(Europe\/Paris\) for 2 h; next/);
    expect(await window.getByRole("button", { name: "End" }).count()).toBe(0);
    await page.getByRole("region", { name: "Coming" }).getByText("the host is replaced").waitFor();
    await page.getByRole("region", { name: "Over" }).getByText("the move to the new network").waitFor();
  });

  test("what is silent is named on the overview", async () => {
    const page = await open("/");
    await page.getByRole("link", { name: /^Silent: check web\.health, SEV3 until .*the known leak/ }).click();
    await page.getByRole("region", { name: "Current" }).waitFor();
  });

  test("one is added once it is known what it is about, and ended", async () => {
    const page = await open("/silences");
    await page.getByRole("button", { name: "Silence something" }).click();
    const dialog = page.getByRole("dialog");
    const yes = dialog.getByRole("button", { name: "Silence", exact: true });
    await dialog.getByLabel("Service").selectOption("api");
    await dialog.getByText("Silences service api").waitFor();
    await dialog.getByText("2 checks").click();
    await dialog.getByText("api.login", { exact: true }).waitFor();
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByLabel("Stands for").selectOption("8 h");
    await dialog.getByLabel("Reason").fill("new disks");
    await yes.click();
    await dialog.waitFor({ state: "detached" });
    const [added] = asked();
    expect(added).toMatchObject({
      request: "POST /api/silences",
      body: { kind: "silence", matcher: { service: "api" }, reason: "new disks" },
    });
    const { until } = (added?.body ?? {}) as { until: string };
    expect(Math.abs(Date.parse(until) - Date.now() - 8 * 3_600_000)).toBeLessThan(60_000);
    await page
      .getByRole("row", { name: /new disks/ })
      .getByRole("button", { name: "End" })
      .click();
    await dialog.getByRole("button", { name: "End now" }).click();
    await page.getByRole("region", { name: "Over" }).getByText("new disks").waitFor();
    expect(asked().at(-1)?.request).toMatch(/^DELETE \/api\/silences\/sil-\d+$/);
  });

  test("checks are suggested, none that fits is warned of, a wrong cron line is told at once", async () => {
    const page = await open("/silences", {}, "400");
    await page.getByRole("button", { name: "Silence something" }).click();
    const dialog = page.getByRole("dialog");
    await expect.poll(() => dialog.locator("datalist").first().locator("option").count()).toBeGreaterThan(2);
    await dialog.getByLabel("Check").fill("api.nothing");
    await dialog.getByText("it is about no check that there is now").waitFor();
    await dialog.getByLabel("Check").fill("api.login");
    await dialog.getByLabel("Only in spans that return").check();
    await dialog.getByLabel("Cron line").fill("every night");
    await dialog.getByText("the cron line cannot be used").waitFor();
    await dialog.getByLabel("Reason").fill("vacuum");
    expect(await dialog.getByRole("button", { name: "Silence", exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel("Cron line").fill("0 2 * * 0");
    await dialog.getByLabel("Time zone").fill("Europe/Paris");
    await dialog.getByLabel(/^Maintenance/).check();
    await dialog.getByRole("button", { name: "Silence", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    expect(asked()[0]?.body).toMatchObject({
      ...{ kind: "maintenance", matcher: { check: "api.login" }, reason: "vacuum" },
      recurrence: { cron: "0 2 * * 0", durationMs: 3_600_000, zone: "Europe/Paris" },
    });
  });

  test("a keyboard alone silences something", async () => {
    const page = await open("/silences");
    await page.getByRole("button", { name: "Silence something" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByLabel("Reason").focus();
    await page.keyboard.type("by keyboard");
    await page.getByText("Silences everything").waitFor();
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement?.textContent)) === "Silence") break;
    }
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /by keyboard/ }).waitFor();
  });

  test("channels show how they do and are tested; who is called when, and what did not get there", async () => {
    const page = await open("/notifications");
    const channels = page.getByRole("table", { name: "Channels" });
    await channels.getByRole("row", { name: "phone" }).getByText("fails").waitFor();
    await page.getByRole("button", { name: "Test page" }).click();
    await channels.getByText("accepted after 120 ms").waitFor();
    await page.getByRole("button", { name: "Test phone" }).click();
    await channels.getByText("refused: the key was refused (403)").waitFor();
    const levels = page.getByRole("table", { name: "Who is called for each severity" });
    await levels.getByText("after 5 min phone; after 15 min hook").waitFor();
    await page.getByRole("table", { name: "Messages that were given up" }).getByText("phone").waitFor();
    await page.getByRole("table", { name: "Messages that are not delivered yet" }).getByText(/451/).waitFor();
    expect(asked().map(({ body }) => body)).toEqual([{ channel: "page" }, { channel: "phone" }]);
  });

  test.each(["light", "dark"] as const)(
    "is readable in %s colours, and every control has a name",
    async (colorScheme) => {
      const page = await open("/notifications", { colorScheme });
      expect([...(await poorContrast(page)), ...(await unnamedControls(page))]).toEqual([]);
      await visit(page, "/silences");
      expect([...(await poorContrast(page)), ...(await unnamedControls(page))]).toEqual([]);
      await page.getByRole("button", { name: "Silence something" }).click();
      await page.getByText("Silences everything").waitFor();
      await page.getByLabel("Only in spans that return").check();
      expect([...(await poorContrast(page)), ...(await unnamedControls(page))]).toEqual([]);
    },
  );

  test("a phone never scrolls sideways", async () => {
    const page = await open("/silences", { viewport: { width: 390, height: 844 } });
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(390);
    await page.getByRole("button", { name: "Silence something" }).click();
    await page.getByLabel("Only in spans that return").check();
    const dialog = page.getByRole("dialog");
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    await visit(page, "/notifications");
    expect(await width()).toBe(390);
  });
});
