import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { poorContrast } from "./dev/browser.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { REFUSED_RELEASE } from "./dev/host-stories.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

const ROLLOUTS = [
  ...["ro-canary", "ro-judged", "ro-stuck", "ro-inconclusive", "ro-canary-20", "ro-stuck-20"],
  ...["ro-stuck-2", "ro-canary-6"],
];

describe.skipIf(missingBrowser)("a rollout on several hosts", () => {
  const { open, visit, api } = openPages();

  /** The words of a host's cells. */
  const cells = (page: Page, host: string) =>
    page
      .getByRole("table", { name: "Hosts and steps" })
      .getByRole("row", { name: host })
      .getByRole("cell")
      .allInnerTexts()
      .then((texts) => texts.map((text) => text.replace(/^[·–\s]+/, "")));

  test("a service names its hosts, an internal one its peers' address; what runs besides is listed", async () => {
    const page = await open("/", { viewport: { width: 390, height: 800 } });
    await page.route("**/api/status", async (route) => {
      const answer = await route.fetch();
      const status = await answer.json();
      const well = { host: "web1", state: "healthy", alive: 1, expected: 1, detail: null };
      const sick = { host: "web2", state: "down", alive: 0, expected: 1, detail: "no replica is running" };
      const services = status.services.map((item: object, index: number) =>
        index === 0 ? { ...item, url: "http://api:8080", internal: true, hosts: [well, sick] } : item,
      );
      const infrastructure = [{ name: "db", hosts: [{ host: "web1", state: "healthy", detail: null }] }];
      await route.fulfill({ response: answer, json: { ...status, services, infrastructure } });
    });
    await visit(page, "/");
    const [name = ""] = await page.getByRole("article").first().getByRole("heading").allInnerTexts();
    const hosts = page.getByRole("table", { name: `Hosts of ${name}` });
    expect(await hosts.getByRole("row", { name: "web2" }).textContent()).toMatch(
      /down[\s\S]*0 of 1[\s\S]*no replica is running/,
    );
    const panel = page.getByRole("article").first();
    await panel.getByText("http://api:8080").waitFor();
    expect(await panel.getByRole("link", { name: "http://api:8080" }).count()).toBe(0);
    expect(await page.getByRole("table", { name: "Infrastructure" }).textContent()).toContain("db");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });

  test("a canary shows each host, its share, and the evidence as it comes", async () => {
    const page = await open("/rollouts/ro-canary");
    await page.getByRole("region", { name: "Decision" }).getByText("All 3 hosts: at 25 %").waitFor();
    const done = ["done", "done", "done", "done", "running"];
    expect(await cells(page, "web2")).toEqual([...done, ...Array<string>(5).fill("waiting")]);
    const weights = page.getByRole("list", { name: "Share of the candidate of api on each host" });
    expect(await weights.getByRole("listitem").count()).toBe(3);
    await weights.getByText("25 %").first().waitFor();
    const chart = page.getByRole("img", { name: /^Evidence against the new release of api/ });
    const first = await chart.getAttribute("aria-label");
    expect(first).toContain("it fails at 300");
    await expect.poll(() => chart.getAttribute("aria-label"), { timeout: 15_000 }).not.toBe(first);
    await page.getByText("With 10 % of 20 requests a second, a rise of errors from 1 % to 5 %").waitFor();
    await page.getByRole("table", { name: "Pre-flight" }).getByText("Overridden by alice").waitFor();
  });

  test("a verdict is one sentence: what, by whom, why, and what next", async () => {
    const page = await open("/rollouts/ro-judged");
    const said = await page.getByRole("region", { name: "Decision" }).textContent();
    expect(said).toContain("Rolled back to shop-0043 by the judge: api: 31 of 2411 (1.29 %) requests failed");
    expect(said).toContain("Next: read its log: stationmaster logs api --release shop-0044.");
    expect(await page.getByRole("region", { name: "Why it failed" }).count()).toBe(0);
    expect((await cells(page, "web1")).at(4)).toBe("failed");
    await page.getByRole("img", { name: /Last: errors 412/ }).waitFor();
  });

  test("a host that does not answer stands out", async () => {
    const page = await open("/rollouts/ro-stuck");
    expect((await cells(page, "web1")).at(-1)).toBe("done");
    expect((await cells(page, "web3")).at(-1)).toBe("failed");
    await page.getByText("not rolled back: no answer over SSH in 10 s").waitFor();
    await page
      .getByRole("list", { name: /of api on each host/ })
      .getByText("no answer")
      .waitFor();
  });

  test("where a person decides, the buttons stand beside the question and answer it, by keyboard too", async () => {
    const page = await open("/rollouts/ro-inconclusive");
    const question = page.getByRole("region", { name: "Decision" });
    await question.getByText("api: 41 of the 160 requests it takes to tell").waitFor();
    await question.getByRole("button", { name: "Abort" }).waitFor();
    await question.getByRole("button", { name: "Promote" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Promote" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("baking", { exact: true }).first().waitFor();
    expect(api().changes.map(({ request }) => request)).toEqual(["POST /api/rollouts/ro-inconclusive/promote"]);
  });

  test("a plan that the pre-flight refuses cannot be begun", async () => {
    const page = await open("/");
    await page.getByRole("button", { name: "Deploy" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Options").click();
    await dialog.getByLabel(/Release/).fill(REFUSED_RELEASE);
    await dialog.getByText("Refused by the pre-flight: backup. Nothing is begun.").waitFor();
    await dialog.getByText("make one, then stationmaster approve backup").waitFor();
    expect(await dialog.getByRole("button", { name: "Deploy" }).isDisabled()).toBe(true);
  });

  test("one place shows nothing of this", async () => {
    const page = await open("/rollouts/ro-44");
    await page.getByRole("list", { name: "Progress" }).waitFor();
    for (const name of ["Hosts", "Evidence of the judge", "Pre-flight", "Decision"])
      expect(await page.getByRole("region", { name }).count()).toBe(0);
  });

  test.each(["light", "dark"] as const)("is readable in %s colours", async (colorScheme) => {
    const page = await open("/rollouts/ro-canary", { colorScheme });
    for (const id of ROLLOUTS) {
      await visit(page, `/rollouts/${id}`);
      expect({ id, poor: await poorContrast(page) }).toEqual({ id, poor: [] });
    }
  });

  test("a phone never scrolls sideways, and of twenty hosts shows first the one that differs", async () => {
    const page = await open("/rollouts/ro-canary", { viewport: { width: 390, height: 844 } });
    for (const id of ROLLOUTS) {
      await visit(page, `/rollouts/${id}`);
      await page.locator(".chart").first().waitFor();
      expect({ id, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({
        id,
        width: 390,
      });
    }
    const rows = page.getByRole("table", { name: "Hosts and steps" }).first().getByRole("rowheader");
    expect(await rows.allInnerTexts()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `…web${number}`));
    await visit(page, "/rollouts/ro-stuck-20");
    expect(await rows.allInnerTexts()).toEqual(["web20"]);
    await page.getByText("All 20 hosts", { exact: true }).click();
    await page.getByRole("rowheader", { name: "web07" }).waitFor();
  });
});
