import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { poorContrast } from "./dev/browser.ts";
import { manyChecks } from "./dev/check-stories.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

const PAGES = ["/checks", "/checks?verdict=DOWN", "/checks/web.health", "/checks/local%2Fcheck%2Fbackup", "/slo"];
const MANY = 10_000;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** Controls without a name, ids given twice, cells outside of rows: what a reader of the screen stumbles over. */
function stumblingBlocks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>("a, button, input, select, textarea, summary")];
    const named = (element: HTMLElement) =>
      (element.getAttribute("aria-label") ?? element.textContent).trim() !== "" ||
      ("labels" in element && (element.labels as NodeList).length > 0);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    const cells = [...document.querySelectorAll("[role=cell], [role=columnheader]")];
    return [
      ...controls.filter((element) => !named(element)).map((element) => `no name: ${element.outerHTML}`),
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`),
      ...cells.filter((cell) => !cell.parentElement?.matches("[role=row]")).map((cell) => `no row: ${cell.outerHTML}`),
      ...[...document.querySelectorAll("img:not([alt])")].map(() => "an image without text"),
    ];
  });
}

describe.skipIf(missingBrowser)("checks", () => {
  const { open, visit, api } = openPages();
  const list = (page: Page) => page.getByRole("table", { name: "Checks" });
  const firstId = (page: Page) => list(page).getByRole("link").first().textContent();

  test("the worst comes first; verdict, text, service and type narrow the list, and the address keeps them", async () => {
    const page = await open("/checks");
    await page.getByText("7 checks", { exact: true }).waitFor();
    expect(await firstId(page)).toBe("local/check/queue");
    await page.getByRole("button", { name: "failing 2" }).click();
    await page.getByText("2 of 7 checks").waitFor();
    await page.getByRole("button", { name: "degraded 1" }).click();
    await page.getByText("1 of 7 checks").waitFor();
    expect(await firstId(page)).toBe("web.health");
    await page.getByRole("button", { name: "all 7" }).click();
    await page.getByLabel("Find checks").fill("6379");
    await page.waitForURL(/text=6379/);
    await page.getByText("1 check", { exact: true }).waitFor();
    await page.reload();
    expect(await page.getByLabel("Find checks").inputValue()).toBe("6379");
    await page.getByLabel("Find checks").fill("nothing is called so");
    await page.getByText("No check is like that").waitFor();
    await page.getByRole("link", { name: "Show all checks" }).click();
    await page.getByText("7 checks", { exact: true }).waitFor();
    expect(await page.getByLabel("Find checks").inputValue()).toBe("");
    await page.getByLabel("Type").selectOption("tls");
    await page.getByText("1 check", { exact: true }).waitFor();
    await page.getByLabel("Service").selectOption("web");
    await page.getByText("No check is like that").waitFor();
  });

  test("a column orders the list, and again the other way round", async () => {
    const page = await open("/checks");
    const header = page.getByRole("columnheader", { name: "p95, 1 h" });
    await header.getByRole("button").click();
    await expect.poll(() => firstId(page)).toBe("web.health");
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    await header.getByRole("button").click();
    await expect.poll(() => firstId(page)).toBe("local/check/queue");
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
  });

  test("ten thousand checks scroll smoothly, with few rows drawn", async () => {
    const page = await open("/checks");
    api().setChecks(manyChecks(MANY));
    await page.getByText("10,000 checks", { exact: true }).waitFor();
    const frames = await page.evaluate(async () => {
      const took: number[] = [];
      let most = 0;
      let last = performance.now();
      for (let frame = 0; frame < 40; frame++) {
        scrollBy(0, 700);
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        took.push(now - last);
        last = now;
        most = Math.max(most, document.querySelectorAll("[role=row]").length);
      }
      return { median: took.sort((a, b) => a - b)[20] ?? 0, most };
    });
    // A frame is 17 ms; a browser that draws without a graphics card on a busy machine takes longer.
    expect(frames.median).toBeLessThan(300);
    expect(frames.most).toBeLessThan(200);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.getByRole("link", { name: "local/check/shop-09999" }).waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(200);
    expect(await list(page).getAttribute("aria-rowcount")).toBe(String(MANY + 1));
  });

  test("of many changes only a few ask for the list again, and only for the rows in view", async () => {
    const page = await open("/checks");
    await expect.poll(() => api().followers(), { timeout: 8_000 }).toBe(1);
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/checks?")) asked.push(request.url());
    });
    const checks = manyChecks(MANY);
    for (let change = 0; change < 20; change++) {
      api().setChecks(checks);
      await page.waitForTimeout(50);
    }
    await page.getByText("10,000 checks", { exact: true }).waitFor();
    expect(asked.length).toBeLessThan(10);
    expect(asked.every((url) => url.includes("limit=100"))).toBe(true);
  });

  test("keys lead through a long list", async () => {
    const page = await open("/checks?sort=id");
    api().setChecks(manyChecks(MANY));
    await page.getByText("10,000 checks", { exact: true }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.closest("a")?.textContent ?? "");
    await page.getByRole("link", { name: "local/check/shop-00000" }).focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(focused).toBe("local/check/shop-00001");
    await page.keyboard.press("PageDown");
    await expect.poll(focused).toBe("local/check/shop-00011");
    await page.keyboard.press("End");
    await expect.poll(focused, { timeout: 8_000 }).toBe("local/check/shop-09999");
    await page.keyboard.press("Tab");
    expect(await focused()).not.toContain("local/check");
    await page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe("local/check/shop-09999");
    await page.keyboard.press("Home");
    await expect.poll(focused).toBe("local/check/shop-00000");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "local/check/shop-00000" }).waitFor();
  });

  test("a check says what it found, where its time went, and what is known of it", async () => {
    const page = await open("/checks/web.health");
    await page.getByText("degraded", { exact: true }).first().waitFor();
    await page.getByRole("region", { name: "Last run" }).getByText("588 ms").waitFor();
    await page.getByRole("img", { name: /^Latency chart/ }).waitFor();
    await page.getByRole("button", { name: "90 d" }).click();
    await page.getByRole("img", { name: /^Latency chart. Last/ }).waitFor();
    await page.getByRole("table", { name: "Single runs, newest first" }).getByText("http-5xx").first().waitFor();
    await page.getByRole("table", { name: "Incidents, newest first" }).waitFor();
    await visit(page, "/checks/local%2Fcheck%2Fqueue");
    const runbook = page.getByRole("link", { name: "https://wiki.example.com/queue" });
    expect(await runbook.getAttribute("rel")).toBe("noreferrer");
    await page.getByText("connection refused <b>by</b> localhost:6379").waitFor();
    expect(await page.locator("main b").count()).toBe(0);
    await visit(page, "/checks/local%2Fcheck%2Fcertificate");
    const facts = await page.getByRole("region", { name: "Last run" }).locator(".facts").textContent();
    expect(facts).toMatch(/^Valid for\s*60 d\s*Valid until\s*\d+ \w+ \d{4}, \d\d:\d\d$/);
  });

  test("a check runs when somebody asks for it, and the page says how it went", async () => {
    const page = await open("/checks/web.health");
    await page.getByRole("button", { name: "Run now" }).click();
    await page.getByText("Run now: ok in 5 ms").waitFor();
    expect(api().changes).toEqual([{ request: "POST /api/checks/web.health/run", body: {} }]);
  });

  test("the address of a job is shown to who asks for it", async () => {
    const page = await open("/checks/local%2Fcheck%2Fbackup");
    const address = page.getByText("http://127.0.0.1:4700/hb/beat-token");
    await page.getByText("1 d, 1 h late at most").waitFor();
    expect(await address.isVisible()).toBe(false);
    await page.getByText("Address to call, a secret").click();
    await address.waitFor();
  });

  test("objectives say what is left of their budgets, and downtime apart", async () => {
    const page = await open("/slo");
    const row = page.getByRole("row").filter({ hasText: "worker" });
    await row.getByText("−88 %").waitFor();
    await row.getByText("goes at least 14.4 times too fast").waitFor();
    await row.getByText("13 h 32 min").waitFor();
    await page.getByRole("row").filter({ hasText: "check/queue" }).getByText("no data").waitFor();
  });

  test("the doctor says who runs the checks, and how that keeps up", async () => {
    const page = await open("/doctor");
    await page.getByText("2 processes share 64 shards.").waitFor();
    await page.getByText("4 of 32 slots, 1 slow").waitFor();
    await page.getByRole("table", { name: "Workers" }).getByText("daemon, leads").waitFor();
  });

  test.each(["light", "dark"] as const)(
    "every page is readable in %s colours, and its controls have names",
    async (colorScheme) => {
      const page = await open("/", { colorScheme });
      for (const path of PAGES) {
        await visit(page, path);
        expect({ path, poor: await poorContrast(page) }).toEqual({ path, poor: [] });
        expect({ path, blocks: await stumblingBlocks(page) }).toEqual({ path, blocks: [] });
      }
    },
  );

  test("a phone shows cards, and never scrolls sideways", async () => {
    const page = await open("/checks", PHONE);
    await page.getByLabel("Order").selectOption({ label: "By p95" });
    await expect.poll(() => firstId(page)).toBe("web.health");
    for (const path of PAGES) {
      await visit(page, path);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ path, width }).toEqual({ path, width: 390 });
    }
  });
});
