import { expect, test } from "vitest";
import { answers } from "../src/server/answers/testing.ts";
import { startServer } from "../src/server/index.ts";
import { createFakeHouse } from "../src/server/testing.ts";
import { objections } from "./dev/axe.ts";
import { launch, missingBrowser, watchFaults } from "./dev/chromium.ts";

if (missingBrowser) console.log(missingBrowser);

test.skipIf(missingBrowser)(
  "the status page has no scripts, fits a phone, and the browser objects to nothing",
  async () => {
    const name = `Ordering${"x".repeat(60)}`;
    const day = { day: "2026-03-01", state: "degraded" as const, uptime: 0.98 };
    const service = { name, state: "degraded" as const, stale: false, uptime90d: 0.98, days: Array(90).fill(day) };
    const at = "2026-03-01T12:00:00.000Z";
    const about = { title: "Problem with Ordering", services: [name], startedAt: at, resolvedAt: null, updates: [] };
    const incidents = [{ ...about, id: "inc-1", state: "watching" as const }];
    const statusPage = async () => ({ ...answers.statusPage, services: [service], incidents });
    const usecases = { ...createFakeHouse().usecases, statusPage };
    const server = await startServer({ usecases, port: 0, version: "1" });
    const browser = await launch();
    try {
      for (const colorScheme of ["light", "dark"] as const) {
        const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 800 } });
        const page = await context.newPage();
        const faults = watchFaults(page, server.url);
        await page.goto(`${server.url}/status`);
        expect(await page.title()).toBe("Shop status: All services are operational");
        expect(await page.getByRole("img").getAttribute("aria-label")).toContain("90 disturbed");
        const seen = await page.evaluate<[number, string, number]>(
          "[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor, document.scripts.length]",
        );
        expect(seen).toEqual([390, colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)", 0]);
        // Beside the long words for its state the title would be broken inside its own.
        const lines =
          "(() => { const range = document.createRange(); range.selectNodeContents(document.querySelector('.incident h3')); return range.getClientRects().length; })()";
        expect(await page.evaluate<number>(lines)).toBe(1);
        expect(faults).toEqual([]);
        // Nothing that a reader could lose is entered here, and old news on such a page is worse than a page that moves.
        expect(await objections(page, { but: "meta-refresh" })).toEqual([]);
      }
    } finally {
      await browser.close();
      await server.close();
    }
  },
);
