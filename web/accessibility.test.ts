import { describe, expect, test } from "vitest";
import { objections } from "./dev/axe.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

const PAGES = [
  ...["/", "/checks", "/checks/web.health", "/checks/local%2Fcheck%2Fbackup", "/slo", "/incidents"],
  ...["/incidents/inc-7", "/incidents/inc-8", "/incidents/inc-9", "/silences", "/notifications", "/reports", "/doctor"],
  "/repository",
];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

describe.skipIf(missingBrowser)("accessibility, by axe-core", () => {
  const { open, visit } = openPages();

  test.each([
    ["wide and light", { colorScheme: "light" }, {}],
    ["wide and dark, where only colours differ", { colorScheme: "dark" }, { only: "color-contrast" }],
    ["narrow", PHONE, {}],
  ] as const)("the pages of the watch, %s", async (_, device, rules) => {
    const page = await open("/", device);
    for (const path of PAGES) {
      await visit(page, path);
      expect({ path, objections: await objections(page, rules) }).toEqual({ path, objections: [] });
    }
  });

  test.each([
    ["/silences", "Silence something"],
    ["/incidents/inc-7", "Acknowledge"],
    ["/incidents/inc-7", "Set severity"],
    ["/incidents/inc-8", "Approve healing"],
    ["/incidents/inc-8", "Decline"],
  ])("on %s the dialog of %s, which Escape closes and which gives the focus back", async (path, name) => {
    const page = await open(path);
    const button = page.getByRole("button", { name });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect(await objections(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test("a long name of an environment leaves the header one line", async () => {
    const page = await open("/");
    await page.route("**/api/status", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...(await answer.json()), environment: `production-${"west-".repeat(12)}4` } });
    });
    const height = () => page.locator(".header").evaluate((element) => element.clientHeight);
    const before = await height();
    await visit(page, "/incidents");
    await page.getByTitle(/west-4$/).waitFor();
    expect(await height()).toBe(before);
  });

  test("each control that Tab reaches shows that it has the focus", async () => {
    const page = await open("/incidents/inc-8");
    const seen: string[] = [];
    for (let press = 0; press < 60; press++) {
      await page.keyboard.press("Tab");
      const bare = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const isMarked = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
        return { text: element.textContent?.trim() || element.outerHTML, isMarked };
      });
      if (bare === null) break;
      seen.push(bare.text);
      expect(bare).toMatchObject({ isMarked: true });
    }
    for (const text of ["Skip to the content", "Approve healing", "Decline", "Draft of the post-mortem"])
      expect(seen).toContain(text);
  });
});
