import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from "vitest";
import { buildDashboard } from "./browser.ts";
import { launch, watchFaults } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";

/** The dashboard in a browser, before a server of its own for each test. */
export interface Pages {
  api(): FakeApi;
  /** A page whose faults fail the test, but for answers of a status that is `expected`. */
  open(path: string, options?: BrowserContextOptions, expected?: string): Promise<Page>;
  /** Another address in a page that is open. */
  visit(page: Page, path: string): Promise<void>;
}

/** For the `describe` it is called in. */
export function openPages(): Pages {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildDashboard>>;
  let api: FakeApi;

  beforeAll(async () => {
    built = await buildDashboard();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });
  beforeEach(async () => {
    api = await startFakeApi({ dist: built.dist });
  });

  async function visit(page: Page, path: string): Promise<void> {
    await page.goto(api.url + path);
    await page.locator("main h1").waitFor();
    await page.locator("main .loading").first().waitFor({ state: "detached" });
  }

  return {
    api: () => api,
    visit,
    async open(path, options = {}, expected = "none") {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      const faults = watchFaults(page, api.url);
      onTestFinished(async () => {
        // The page first: a server that goes away is a fault to it.
        await context.close();
        await api.close();
        expect(faults.filter((fault) => !fault.includes(expected))).toEqual([]);
      });
      await visit(page, path);
      return page;
    },
  };
}
