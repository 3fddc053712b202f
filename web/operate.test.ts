import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { poorContrast } from "./dev/browser.ts";
import { missingBrowser } from "./dev/chromium.ts";
import { LATE_RELEASE, REFUSED_RELEASE } from "./dev/host-stories.ts";
import { openPages } from "./dev/pages.ts";

if (missingBrowser) console.log(missingBrowser);

const PAGES = ["/environment", "/previews", "/migrations"];

describe.skipIf(missingBrowser)("what people order", () => {
  const { open, visit, api } = openPages();

  /** What was asked for, apart from plans. */
  const asked = () => api().changes.filter(({ request }) => !request.startsWith("POST /api/plan"));

  async function planFor(page: Page, release: string) {
    await page.getByRole("button", { name: "Deploy" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Options").click();
    await dialog.getByLabel(/Release/).fill(release);
    await dialog.getByText("Refused by the pre-flight").waitFor();
    return dialog;
  }

  /** Presses a button that opens a dialog, and the one in it. */
  async function confirm(page: Page, button: string | RegExp, verb: string) {
    await page.getByRole("button", { name: button, exact: true }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: verb, exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  }

  test("an item of the pre-flight is overridden with a reason and a name", async () => {
    const page = await open("/");
    const dialog = await planFor(page, REFUSED_RELEASE);
    await dialog.getByRole("checkbox", { name: "Override backup" }).check();
    const deploy = dialog.getByRole("button", { name: "Deploy all the same" });
    expect(await deploy.isDisabled()).toBe(true);
    await dialog.getByLabel("Reason").fill("the fix is worth it");
    await dialog.getByLabel("Your name").fill("Ada L");
    expect(await dialog.getByText("Refused by the pre-flight").count()).toBe(0);
    await deploy.click();
    await page.waitForURL(/\/rollouts\/ro-\d+$/);
    expect(asked()).toMatchObject([
      {
        request: "POST /api/deploy",
        body: { override: ["backup"], reason: "the fix is worth it", release: REFUSED_RELEASE },
        actor: "dashboard:Ada-L",
      },
    ]);
  });

  test("a closed environment is waited for, or its glass is broken", async () => {
    const page = await open("/");
    const dialog = await planFor(page, LATE_RELEASE);
    await dialog.getByRole("radio", { name: /^Break the glass/ }).check();
    await dialog.getByLabel("Reason").fill("the shop is down");
    expect(await dialog.getByRole("button", { name: "Deploy all the same" }).isEnabled()).toBe(true);
    await dialog.getByRole("radio", { name: /^Wait/ }).check();
    await dialog.getByRole("button", { name: "Deploy when it opens" }).click();
    await page.getByRole("region", { name: "Queued deployment" }).getByText("queued by dashboard").waitFor();
    await confirm(page, "Take back", "Take back");
    await page.getByRole("region", { name: "Queued deployment" }).waitFor({ state: "detached" });
    expect(asked().map(({ request }) => request)).toEqual(["POST /api/deploy/queue", "POST /api/deploy/unqueue"]);
    expect(asked()[0]?.body).not.toHaveProperty("breakGlass");
  });

  test("an environment is locked with a reason and unlocked; a refusal stays on display", async () => {
    const page = await open("/environment", {}, "409");
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Lock local" });
    const locks = dialog.getByRole("button", { name: "Lock", exact: true });
    expect(await locks.isDisabled()).toBe(true);
    await dialog.getByLabel("Reason").fill("no reason");
    await locks.click();
    await dialog.getByRole("alert").getByText("SM-DEPLOY-BUSY").waitFor();
    await dialog.getByLabel("Reason").fill("the database moves");
    await locks.click();
    await page.getByText("Locked by dashboard: the database moves").waitFor();
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("link", { name: /^It is locked by dashboard/ }).click();
    await confirm(page, "Unlock", "Unlock");
    await page.getByText("Nobody has locked it.").waitFor();
  });

  test("freezes are ordered and lifted, facts are approved", async () => {
    const page = await open("/environment");
    await confirm(page, "Lift", "Lift");
    await page.getByText("Nobody ordered a freeze").waitFor();
    await page.getByRole("button", { name: "Freeze", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Freeze local" });
    await dialog.getByLabel("Reason").fill("the fair");
    await dialog.getByLabel(/^Until/).fill("2030-01-01T08:00");
    await dialog.getByRole("button", { name: "Freeze" }).click();
    await page.getByRole("table", { name: "Freezes" }).getByText("the fair").waitFor();
    await confirm(page, "Approve", "Approve");
    const approvals = page.getByRole("table", { name: /^Approvals/ });
    await approvals.getByText("override of clock").waitFor();
    expect(await approvals.getByRole("row").count()).toBe(4);
    expect(asked().map(({ request, body }) => [request, body])).toEqual([
      ["POST /api/freezes/fr-1/lift", {}],
      ["POST /api/freezes", { reason: "the fair", until: new Date("2030-01-01T08:00").toISOString() }],
      ["POST /api/approvals", { what: "qa" }],
    ]);
  });

  test("previews show how they stand, and are opened, woken, closed and removed", async () => {
    const page = await open("/previews");
    const row = (name: string) => page.getByRole("table", { name: "Previews" }).getByRole("row", { name });
    await row("pr-9").getByText("asleep").waitFor();
    await row("pr-9").getByText("fork").waitFor();
    await row("pr-12").getByText("GET /health answered 503").waitFor();
    expect(await row("pr-15").getByRole("button").count()).toBe(0);
    expect(await row("pr-7").getByRole("link").getAttribute("href")).toBe("http://pr-7.preview.example.com");
    await row("pr-9").getByRole("button", { name: "Wake" }).click();
    await page.getByRole("dialog", { name: "Wake pr-9" }).getByRole("button", { name: "Wake" }).click();
    await row("pr-9").getByText("being made").waitFor();
    await row("pr-7").getByRole("button", { name: "Close" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await row("pr-7").getByText("closed").waitFor();
    await row("pr-3").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await row("pr-3").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Open a preview" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Branch or ref").fill("a b");
    await dialog.getByText("A branch, or a ref such as").waitFor();
    await dialog.getByLabel("Branch or ref").fill("feature/x");
    await dialog.getByLabel(/^Pull request/).fill("21");
    await dialog.getByRole("button", { name: "Open" }).click();
    await row("pr-21").getByText("being made").waitFor();
    expect(asked().map(({ request }) => request)).toEqual([
      ...["POST /api/previews/pr-9/wake", "POST /api/previews/pr-7/close", "POST /api/previews/pr-3/remove"],
      "POST /api/previews",
    ]);
  });

  test("migrations: how far, what is pending, backfills, and the plan of a contract", async () => {
    const page = await open("/migrations", {}, "400");
    await page.getByText("at position 41").waitFor();
    await page.getByRole("table", { name: "Backfills" }).getByText("1,204,500").waitFor();
    await page.getByRole("table", { name: "Migrations that were run" }).getByText("under way").waitFor();
    await page.getByRole("button", { name: "Try what is pending" }).click();
    await page.getByText("would be refused").waitFor();
    await page.getByText("CREATE INDEX ix_orders_note").waitFor();
    await page.getByRole("button", { name: "Contract…" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Take the old schema of api away" });
    await dialog.getByText("afterwards there is no way back to shop-0042").waitFor();
    await dialog.getByRole("checkbox", { name: "Override backup" }).check();
    await dialog.getByLabel("Reason").fill("dumped by hand");
    await dialog.getByRole("button", { name: "Take away all the same" }).click();
    await page.waitForURL(/\/rollouts\/ro-\d+$/);
    expect(asked().at(-1)).toMatchObject({
      request: "POST /api/contract",
      body: { service: "api", override: ["backup"], reason: "dumped by hand", planHash: "c0ffee" },
    });
    await visit(page, "/migrations");
    await page.getByRole("button", { name: "Contract…" }).last().click();
    await page.getByRole("dialog").getByText("no contract migration that is pending").waitFor();
  });

  test("a keyboard alone locks it", async () => {
    const page = await open("/environment");
    await page.getByRole("button", { name: "Lock", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("by keyboard");
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement?.textContent)) === "Lock") break;
    }
    await page.keyboard.press("Enter");
    await page.getByText("Locked by dashboard: by keyboard").waitFor();
  });

  test.each(["light", "dark"] as const)("is readable in %s colours", async (colorScheme) => {
    const page = await open("/environment", { colorScheme });
    for (const path of PAGES) {
      await visit(page, path);
      expect({ path, poor: await poorContrast(page) }).toEqual({ path, poor: [] });
    }
    await visit(page, "/");
    const dialog = await planFor(page, REFUSED_RELEASE);
    await dialog.getByRole("checkbox", { name: "Override backup" }).check();
    expect(await poorContrast(page)).toEqual([]);
  });

  test("a phone never scrolls sideways", async () => {
    const page = await open("/environment", { viewport: { width: 390, height: 844 } });
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    for (const path of PAGES) {
      await visit(page, path);
      expect({ path, width: await width() }).toEqual({ path, width: 390 });
    }
    await visit(page, "/");
    await planFor(page, LATE_RELEASE);
    const dialog = page.getByRole("dialog");
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  });
});
