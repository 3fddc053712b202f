import { describe, expect, test } from "vitest";
import { poorContrast } from "./dev/browser.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

const PAGES = [
  "/",
  "/services/web",
  "/rollouts",
  "/rollouts/ro-44",
  "/rollouts/ro-42",
  "/incidents?state=all",
  "/incidents/inc-7",
  "/releases",
  "/incidents/inc-8",
  "/environment",
  "/previews",
  "/migrations",
  "/audit",
  "/doctor",
  "/nowhere",
];

describe.skipIf(missingBrowser)("dashboard", () => {
  const { open, visit, api } = openPages();

  const asked = (request: string) => api().changes.filter((change) => change.request === request);

  test("the overview shows each service with state in words, release and address", async () => {
    const page = await open("/");
    for (const [name, state] of [
      ["api", "healthy"],
      ["web", "degraded"],
      ["worker", "healthy"],
    ] as const) {
      const panel = page.getByRole("article", { name: `Service ${name}` });
      await panel.getByText(state, { exact: true }).waitFor();
      await panel.getByRole("img", { name: /Uptime of the last 24 hours: \d/ }).waitFor();
    }
    expect(await page.getByRole("article").count()).toBe(3);
    expect(await page.getByRole("link", { name: "http://127.0.0.1:4801" }).getAttribute("href")).toBe(
      "http://127.0.0.1:4801",
    );
    await page.getByRole("region", { name: "Open incidents" }).getByText("answers too slowly").waitFor();
  });

  test("a deploy shows its plan first and posts exactly once", async () => {
    const page = await open("/");
    await page.getByRole("button", { name: "Deploy" }).click();
    const dialog = page.getByRole("dialog", { name: "Deploy to local" });
    await dialog.getByText("shop-0043 → shop-0045").first().waitFor();
    await dialog.getByText("Options").click();
    await dialog.getByRole("checkbox", { name: "web" }).uncheck();
    await dialog.getByText("Unchanged: web, worker").waitFor();
    await dialog.getByRole("button", { name: "Deploy" }).dblclick();
    await page.waitForURL(/\/rollouts\/ro-\d+$/);
    await page.getByRole("heading", { name: "Deploy of shop-0045" }).waitFor();
    expect(asked("POST /api/deploy")).toEqual([
      { request: "POST /api/deploy", body: { environment: "local", only: ["api", "worker"], planHash: "c0ffee" } },
    ]);
  });

  test("going back, promoting, aborting and restarting each ask first", async () => {
    const page = await open("/");
    const confirm = async (button: string, verb: string) => {
      await page.getByRole("button", { name: button, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: verb }).click();
      await dialog.waitFor({ state: "detached" });
    };
    await confirm("Roll back", "Roll back to shop-0041");
    await page.getByRole("heading", { name: "Rollback to shop-0041" }).waitFor();
    await page.goto(`${api().url}/rollouts/ro-44`);
    await confirm("Promote", "Promote");
    await page.getByText("baking", { exact: true }).first().waitFor();
    await confirm("Abort", "Abort");
    await page.getByText("rolling back", { exact: true }).first().waitFor();
    await page.goto(`${api().url}/services/web`);
    await confirm("Restart", "Restart web");
    expect(api().changes.filter(({ request }) => !request.startsWith("POST /api/plan"))).toEqual([
      { request: "POST /api/rollback", body: { environment: "local", planHash: "c0ffee" } },
      { request: "POST /api/rollouts/ro-44/promote", body: {} },
      { request: "POST /api/rollouts/ro-44/abort", body: {} },
      { request: "POST /api/services/web/restart", body: {} },
    ]);
  });

  test("a plan that has changed meanwhile is shown anew and asked about again", async () => {
    const page = await open("/releases", {}, "409");
    await page.getByRole("button", { name: "Roll back to this" }).last().click();
    const dialog = page.getByRole("dialog", { name: "Roll back local" });
    const confirm = dialog.getByRole("button", { name: "Roll back to shop-0040" });
    await dialog.getByText("shop-0043 → shop-0040").first().waitFor();
    api().changePlan();
    await confirm.click();
    await dialog.getByText("SM-PLAN-CHANGED").waitFor();
    await confirm.click();
    await page.getByRole("heading", { name: "Rollback to shop-0040" }).waitFor();
    const agreed = asked("POST /api/rollback").map(({ body }) => body);
    expect(agreed).toMatchObject([{ planHash: "c0ffee" }, { planHash: "decaf", to: "shop-0040" }]);
  });

  test("a proposed remedy waits for an approval", async () => {
    const page = await open("/incidents/inc-8");
    await page.getByRole("button", { name: "Approve healing" }).click();
    const dialog = page.getByRole("dialog", { name: "Let Stationmaster heal worker" });
    await dialog.getByText("restart, then restart").waitFor();
    await dialog.getByRole("button", { name: "Approve" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("table", { name: "Healing actions" }).getByText("running").waitFor();
    expect(await page.getByRole("button", { name: "Approve healing" }).count()).toBe(0);
    expect(asked("POST /api/incidents/inc-8/approve")).toHaveLength(1);
  });

  test("the audit is verified on demand, and the doctor says what is missing", async () => {
    const page = await open("/audit");
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByText("The chain is intact: 3 entries verified").waitFor();
    await visit(page, "/doctor");
    await page.getByText("1 of 2 checks needs attention: disk.").waitFor();
    await page.getByText("free disk space").waitFor();
  });

  test("an incident is acknowledged with a note", async () => {
    const page = await open("/incidents/inc-7");
    await page.getByText("1 of 2").waitFor();
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByLabel("Note (optional)").fill("looking at it");
    await page.getByRole("dialog").getByRole("button", { name: "Acknowledge" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("acknowledged", { exact: true }).waitFor();
    expect(asked("POST /api/incidents/inc-7/acknowledge").map(({ body }) => body)).toEqual([{ note: "looking at it" }]);
  });

  test("a keyboard alone is enough", async () => {
    const page = await open("/");
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    const tabTo = async (text: string) => {
      for (let presses = 0; presses < 60 && (await focused()) !== text; presses++) await page.keyboard.press("Tab");
      expect(await focused()).toBe(text);
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
      expect(outline).toBe("solid");
    };
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo("Deploy");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused()).toBe("Deploy");
    await tabTo("web: answers too slowly");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "web: answers too slowly" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await tabTo("Acknowledge");
    expect(api().changes.filter((change) => change.request !== "POST /api/plan")).toEqual([]);
  });

  test("text from outside stays text", async () => {
    const page = await open("/services/web");
    await page.getByText("<img src=x onerror=alert(1)>").waitFor();
    await page.getByText("GET /products 200 6 ms").waitFor();
    await page.goto(`${api().url}/incidents/inc-7`);
    await page.getByText("<script>alert(1)</script>").waitFor();
    await page.goto(`${api().url}/rollouts/ro-42`);
    await page.getByText("<b>not markup</b>").waitFor();
    expect(await page.locator("main img, main script, main b").count()).toBe(0);
  });

  test("a change of the server shows without a reload", async () => {
    const page = await open("/incidents/inc-7");
    await page.getByRole("button", { name: "Acknowledge" }).waitFor();
    await fetch(`${api().url}/api/incidents/inc-7/acknowledge`, { method: "POST", body: "{}" });
    await page.getByText("acknowledged", { exact: true }).waitFor({ timeout: 8_000 });
  });

  test("a hidden page holds no connection and catches up when it is seen again", async () => {
    const page = await open("/incidents/inc-7");
    const show = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await expect.poll(() => api().followers(), { timeout: 8_000 }).toBe(1);
    await show(true);
    await expect.poll(() => api().followers(), { timeout: 8_000 }).toBe(0);
    await fetch(`${api().url}/api/incidents/inc-7/acknowledge`, { method: "POST", body: "{}" });
    await show(false);
    await expect.poll(() => api().followers(), { timeout: 8_000 }).toBe(1);
    await page.getByText("acknowledged", { exact: true }).waitFor({ timeout: 8_000 });
    expect(await page.getByText("Connection lost").count()).toBe(0);
  });

  test.each(["light", "dark"] as const)("every page is readable in %s colours", async (colorScheme) => {
    const page = await open("/", { colorScheme });
    for (const path of PAGES) {
      await visit(page, path);
      expect({ path, poor: await poorContrast(page) }).toEqual({ path, poor: [] });
    }
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(background).toBe(colorScheme === "dark" ? "rgb(16, 20, 24)" : "rgb(244, 245, 243)");
  });

  test("the chosen theme beats the system's and is remembered", async () => {
    const page = await open("/audit", { colorScheme: "light" });
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.getByRole("button", { name: "Theme: auto" }).click();
    await page.getByRole("button", { name: "Theme: light" }).click();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    expect(await background()).toBe("rgb(16, 20, 24)");
    await page.reload();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    expect(await background()).toBe("rgb(16, 20, 24)");
  });

  test("a long log shows whole lines", async () => {
    const page = await open("/incidents/inc-7");
    const cut = await page.getByLabel("Log lines before the incident").evaluate((box) => {
      const top = box.getBoundingClientRect().top + box.clientTop;
      const tops = [...box.children].map((line) => Math.abs(line.getBoundingClientRect().top - top));
      return { scrolled: box.scrollTop, off: Math.min(...tops) };
    });
    expect(cut.scrolled).toBeGreaterThan(0);
    expect(cut.off).toBeLessThan(1.5);
  });

  test("a phone has details behind a line that opens them", async () => {
    const page = await open("/audit", { viewport: { width: 390, height: 844 } });
    const detail = page.getByText("outcome: succeeded · strategy: blue-green").first();
    expect(await detail.isVisible()).toBe(false);
    await page.getByText("More", { exact: true }).first().click();
    await detail.waitFor();
    await visit(page, "/rollouts/ro-42");
    const journal = page.getByRole("region", { name: "Journal" });
    await journal.getByText("verified:api").first().waitFor();
    expect(await journal.getByText("started:web", { exact: true }).isVisible()).toBe(false);
    await journal.getByText("All 9 steps").click();
    await journal.getByText("started:web", { exact: true }).waitFor();
  });

  test("a phone of 360 px never scrolls sideways", async () => {
    const page = await open("/", { viewport: { width: 360, height: 740 } });
    for (const path of PAGES) {
      await visit(page, path);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ path, width }).toEqual({ path, width: 360 });
    }
  });
});
