import { describe, expect, test } from "vitest";
import { poorContrast, unnamedControls } from "./dev/browser.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

describe.skipIf(missingBrowser)("the repository", () => {
  const { open, visit } = openPages();

  test("facts stand with how sure they are and where they were seen; what lost on demand", async () => {
    const page = await open("/repository");
    const facts = page.getByRole("table", { name: "Facts of api" });
    const port = facts.getByRole("row", { name: /^port/ });
    expect(await port.textContent()).toMatch(/8080.*assumed, 72 %.*services\/api\/Dockerfile:14/);
    expect(await port.getByText("goes before the code").isVisible()).toBe(false);
    await port.getByText("1 other value").click();
    await port.getByText("at services/api/src/server.ts:31: a file of a platform goes before the code").waitFor();
    expect(await page.getByText("env.SESSION_SECRET").isVisible()).toBe(false);
    await page.locator("summary", { hasText: "3 variables of api" }).click();
    await page.getByRole("row", { name: /env\.SESSION_SECRET.*secret/ }).waitFor();
    const conflicts = page.getByRole("region", { name: "Files that say different things" });
    await conflicts.getByRole("row", { name: /api\.port.*8080.*Dockerfile:14.*3000/ }).waitFor();
  });

  test("a note for a team is copied with its patch", async () => {
    const page = await open("/repository", { permissions: ["clipboard-read", "clipboard-write"] });
    const note = page.getByRole("listitem").filter({ hasText: "requests are cut off when it stops" });
    await note.getByRole("button", { name: "Copy note" }).click();
    await note.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("**api: requests are cut off when it stops**");
    expect(copied).toContain('process.on("SIGTERM"');
  });

  test("the plan says of each file what becomes of it, and the rules speak beside it", async () => {
    const page = await open("/repository");
    const plan = page.getByRole("region", { name: "What generate would write" });
    await plan.getByText("7 files: 3 new, 1 changed, 1 removed, 1 beside files of yours").waitFor();
    const file = (text: string) => plan.locator(".file-rows > li").filter({ hasText: text });
    expect(await file("image of web").textContent()).toMatch(/^newDockerfile.*note in line 3: .*no digest SM01$/);
    expect(await file("yours stays").textContent()).toMatch(/^proposal/);
    expect(await plan.getByText("no CPU limit").count()).toBe(0);
    const check = page.getByRole("region", { name: "What check says" });
    await check.getByText("1 error, 1 warning, 1 suppressed.").waitFor();
    await check.getByRole("row", { name: /error.*services\/api\/Dockerfile:1.*runs as root/ }).waitFor();
  });

  test("of many findings the worst are shown; an error that keeps everything back is told", async () => {
    const page = await open("/doctor");
    await page.route("**/api/repository", async (route) => {
      const view = await (await route.fetch()).json();
      const some = Array.from({ length: 29 }, (_, at) => ({ ...view.findings[1], line: 100 + at }));
      const generate = { ...view.generate, blocked: true };
      await route.fulfill({ json: { ...view, generate, findings: [...some, ...view.findings] } });
    });
    await visit(page, "/repository");
    await page.getByText("nothing would be written").waitFor();
    const check = page.getByRole("region", { name: "What check says" });
    expect(
      await check
        .getByRole("table", { name: /worst first/ })
        .getByRole("row")
        .count(),
    ).toBe(21);
    const last = check.getByRole("row", { name: /Dockerfile:128/ });
    expect(await last.isVisible()).toBe(false);
    await check.getByText("11 more findings").click();
    await last.waitFor();
  });

  test("looking again asks for what is there now", async () => {
    const page = await open("/repository");
    await page.getByRole("heading", { name: "What is missing" }).waitFor();
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByRole("heading", { name: "What is missing" }).waitFor({ state: "detached" });
  });

  test("an empty folder, and a manifest that cannot be read, say what to do", async () => {
    const page = await open("/doctor", {}, "400");
    await page.route("**/api/repository", (route) =>
      route.fulfill({
        status: 400,
        json: { error: { code: "SM-CONFIG-KEY", message: "unknown key", next: "remove it", exitCode: 2 } },
      }),
    );
    await visit(page, "/repository");
    await page.getByRole("alert").getByText("Next: remove it.").waitFor();
    await page.unroute("**/api/repository");
    await page.route("**/api/repository", async (route) => {
      const view = await (await route.fetch()).json();
      const nothing = {
        files: [],
        findings: [],
        created: [],
        modified: [],
        deleted: [],
        proposed: [],
        blocked: false,
        notes: [],
      };
      const scan = { ...view.scan, services: [], facts: {}, gaps: [], conflicts: [], requirements: [] };
      await route.fulfill({ json: { ...view, scan, generate: nothing, findings: [] } });
    });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Nothing looks like a service").waitFor();
    await page.getByText("Nothing found.").waitFor();
  });

  test.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["on a phone", { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ] as const)("everything opened can be read and reached, %s", async (_, device) => {
    const page = await open("/repository", device);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    expect(await poorContrast(page)).toEqual([]);
    expect(await unnamedControls(page)).toEqual([]);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
  });
});
