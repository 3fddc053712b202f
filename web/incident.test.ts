import { describe, expect, test } from "vitest";
import { poorContrast, unnamedControls } from "./dev/browser.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

const PAGES = [
  ...["/incidents", "/incidents?state=all", "/incidents?state=review", "/incidents/inc-7", "/incidents/inc-8"],
  ...["/incidents/inc-9", "/incidents/inc-5", "/reports", "/reports?kind=audit", "/reports?kind=healing&days=30"],
  ...["/reports?kind=postmortem&id=inc-5"],
];

describe.skipIf(missingBrowser)("incidents", () => {
  const { open, visit, api } = openPages();

  const asked = () => api().changes.map(({ request, body }) => [request, body]);

  test("the list is filtered by state, severity and service, and the address says how", async () => {
    const page = await open("/incidents");
    const rows = page.getByRole("table", { name: /^Incidents/ }).getByRole("row");
    expect(await rows.count()).toBe(4);
    const storm = rows.filter({ hasText: "host h2" });
    for (const tag of [/^acknowledged by cli:dana until \d\d:\d\d$/, "flapping", "kept quiet by sil-2"])
      await storm.getByText(tag).waitFor();
    await page.getByLabel("Severity").selectOption("SEV2");
    expect(await rows.allInnerTexts()).toEqual([
      expect.any(String),
      expect.stringContaining("web: answers too slowly"),
    ]);
    await page.getByRole("link", { name: "In review" }).click();
    await page.getByRole("link", { name: "api: answers 500" }).waitFor();
    expect(page.url()).toMatch(/\/incidents\?state=review&severity=SEV2$/);
    await page.getByLabel("Severity").selectOption("SEV3");
    await page.getByText("None fits").waitFor();
    await page.reload();
    await page.getByText("None fits").waitFor();
  });

  test("a proposal shows its plan and until when it holds, and is approved by one click and a yes", async () => {
    const page = await open("/incidents/inc-8");
    const proposal = page.getByRole("region", { name: "Proposal" });
    await proposal.getByText("A person decides: restart of worker (1 of 2)").waitFor();
    await proposal.getByText(/^Valid until \d\d:\d\d:\d\d, 2\d min/).waitFor();
    const healing = page.getByRole("region", { name: "Healing" });
    await healing.getByText("restart, then redeploy").waitFor();
    await healing.getByText("clear-sessions: not an auth symptom").waitFor();
    const runbook = page.getByRole("link", { name: "https://wiki.example.com/worker" });
    expect(await runbook.getAttribute("href")).toBe("https://wiki.example.com/worker");
    await proposal.getByRole("button", { name: "Approve healing" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).dblclick();
    await healing.getByText("running").waitFor();
    await proposal.waitFor({ state: "detached" });
    expect(asked()).toEqual([["POST /api/incidents/inc-8/approve", {}]]);
  });

  test("the overview says which incident waits for a person", async () => {
    const page = await open("/");
    const lines = page.getByRole("region", { name: "Open incidents" }).locator(".note");
    await lines.filter({ hasText: "crash loop" }).getByText("a person decides").waitFor();
    expect(await lines.getByText("a person decides").count()).toBe(1);
  });

  test("a proposal is declined with a reason", async () => {
    const page = await open("/incidents/inc-8");
    await page.getByRole("button", { name: "Decline" }).click();
    const dialog = page.getByRole("dialog", { name: "Decline this proposal" });
    const no = dialog.getByRole("button", { name: "Decline" });
    expect(await no.isDisabled()).toBe(true);
    await dialog.getByLabel("Reason").fill("it is the database");
    await no.click();
    await page.getByRole("region", { name: "Healing" }).getByText("it is the database").waitFor();
    expect(asked()).toEqual([["POST /api/incidents/inc-8/decline", { reason: "it is the database" }]]);
  });

  test("why healing waits, who was called and whether it got there, and what is suspected", async () => {
    const page = await open("/incidents/inc-7");
    await page.getByText("It waits: a deployment is in progress.").waitFor();
    await page.getByRole("region", { name: "Last change before" }).getByText("deployment of shop-0043").waitFor();
    const told = page.getByRole("table", { name: /^Who was told/ });
    expect(await told.getByRole("row", { name: "phone" }).textContent()).toMatch(/given up[\s\S]*the key was refused/);
    expect(await told.getByRole("row", { name: "page" }).textContent()).toContain("delivered");
    expect(await page.locator(".facts").textContent()).toMatch(/Detected after\s*24 s/);
    expect(await page.getByRole("link", { name: "web.health" }).getAttribute("href")).toBe("/checks/web.health");
  });

  test("healing is stopped and allowed, the severity lowered, a text published", async () => {
    const page = await open("/incidents/inc-7");
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Stop healing" }).click();
    await dialog.getByRole("button", { name: "Stop healing" }).click();
    await page.getByText("healing stopped").waitFor();
    await page.getByRole("button", { name: "Allow healing" }).click();
    await dialog.getByRole("button", { name: "Allow healing" }).click();
    await page.getByRole("button", { name: "Set severity" }).click();
    await dialog.getByLabel(/^SEV3/).check();
    await dialog.getByLabel(/^Note/).fill("only the demo account");
    await dialog.getByRole("button", { name: "Set SEV3" }).click();
    await page.getByText("SEV3", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Publish" }).click();
    await dialog.getByLabel("Text for the public").fill("We are looking at slow answers.");
    await dialog.getByRole("button", { name: "Publish" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(asked()).toEqual([
      ["POST /api/incidents/inc-7/freeze", { frozen: true }],
      ["POST /api/incidents/inc-7/freeze", { frozen: false }],
      ["POST /api/incidents/inc-7/severity", { severity: "SEV3", note: "only the demo account" }],
      ["POST /api/incidents/inc-7/publish", { text: "We are looking at slow answers." }],
    ]);
  });

  test("a storm names its members; nobody heals what has no service", async () => {
    const page = await open("/incidents/inc-9");
    const members = page.getByRole("table", { name: "Incidents it stands for" });
    expect(await members.getByRole("row", { name: /mail/ }).textContent()).toContain("closed");
    await page.getByText("No remedy applies to it").waitFor();
    expect(await page.getByRole("button", { name: "Stop healing" }).count()).toBe(0);
    await members.getByRole("link", { name: "worker: crash loop" }).click();
    await page.getByRole("heading", { name: "worker: crash loop" }).waitFor();
  });

  test("a review is closed after action items were added and done", async () => {
    const page = await open("/incidents/inc-5");
    const items = page.getByRole("table", { name: "Action items" });
    await items
      .getByRole("row", { name: /raise the size/ })
      .getByText("overdue")
      .waitFor();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("What is to be done").fill("load test it");
    await dialog.getByLabel("Owner").fill("ada");
    await dialog.getByLabel("Due").fill("2030-01-01");
    await dialog.getByRole("button", { name: "Add" }).click();
    await items
      .getByRole("row", { name: /load test it/ })
      .getByRole("button", { name: "Done" })
      .click();
    await dialog.getByRole("button", { name: "It is done" }).click();
    await items.getByText("done by dashboard").waitFor();
    await page.getByRole("button", { name: "Close the review" }).click();
    await dialog.getByLabel("What was found, and what was changed").fill("the pool was too small");
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByText("closed", { exact: true }).waitFor();
    expect(asked()).toEqual([
      ["POST /api/incidents/inc-5/action-items", { text: "load test it", owner: "ada", due: "2030-01-01" }],
      ["POST /api/action-items/ai-3/done", {}],
      ["POST /api/incidents/inc-5/close", { note: "the pool was too small" }],
    ]);
  });

  test("a report reads as text, whatever is in it, and is saved as Markdown", async () => {
    const page = await open("/incidents/inc-5", {}, "404");
    await page.getByRole("link", { name: "Draft of the post-mortem" }).click();
    await page.getByRole("heading", { name: "Incident Report - inc-5" }).waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download postmortem-inc-5.md" }).click();
    expect((await saved).suggestedFilename()).toBe("postmortem-inc-5.md");
    await page.getByRole("link", { name: "Daily" }).click();
    await page.getByText("<img src=x onerror=alert(1)>").waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    await page.getByRole("link", { name: "draft" }).first().waitFor();
    await page.getByRole("link", { name: "Weekly audit" }).click();
    await page.getByRole("row", { name: "incidents" }).getByText("6 (+2)").waitFor();
    await page.getByRole("textbox", { name: "Week" }).fill("2020-W01");
    await page.keyboard.press("Enter");
    await page.getByText("SM-REPORT-UNKNOWN").waitFor();
    await page.getByRole("link", { name: "Healing" }).click();
    await page.getByRole("cell", { name: "step 2: restart" }).waitFor();
  });

  test("reports that are kept are listed with their issues, and opened", async () => {
    const page = await open("/reports?kind=audit");
    const kept = page.getByRole("table", { name: "Kept reports" });
    expect(await kept.getByRole("row").count()).toBe(3);
    const issue = kept.getByRole("link", { name: "#17" });
    expect(await issue.getAttribute("href")).toBe("https://github.com/acme/shop/issues/17");
    await kept.getByRole("link", { name: "2026-W46" }).click();
    await page.getByText("As it was stored.").waitFor();
    expect(page.url()).toMatch(/\/reports\?kind=audit&week=2026-W46$/);
    await page.getByRole("link", { name: "Daily" }).click();
    const [day = ""] = new Date().toISOString().split("T");
    await kept.getByRole("link", { name: day }).waitFor();
    await page.getByRole("table", { name: "Action items" }).getByRole("link", { name: "#12" }).waitFor();
  });

  test("a keyboard alone approves a proposal", async () => {
    const page = await open("/incidents/inc-8");
    await page.getByRole("button", { name: "Approve healing" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    for (let presses = 0; presses < 4; presses++) {
      if ((await page.evaluate(() => document.activeElement?.textContent)) === "Approve") break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Proposal" }).waitFor({ state: "detached" });
    expect(asked()).toEqual([["POST /api/incidents/inc-8/approve", {}]]);
  });

  test.each(["light", "dark"] as const)(
    "is readable in %s colours, and every control has a name",
    async (colorScheme) => {
      const page = await open("/incidents", { colorScheme });
      for (const path of PAGES) {
        await visit(page, path);
        const found = { path, poor: await poorContrast(page), unnamed: await unnamedControls(page) };
        expect(found).toEqual({ path, poor: [], unnamed: [] });
      }
    },
  );

  test("a phone never scrolls sideways", async () => {
    const page = await open("/incidents", { viewport: { width: 390, height: 844 } });
    for (const path of PAGES) {
      await visit(page, path);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ path, width }).toEqual({ path, width: 390 });
    }
  });
});
