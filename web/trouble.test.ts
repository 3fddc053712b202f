import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { buildDashboard } from "./dev/browser.ts";
import { launch, missingBrowser } from "./dev/chromium.ts";
import type { FakeApi } from "./dev/fake-api.ts";
import { startFakeApi } from "./dev/fake-api.ts";

if (missingBrowser) console.log(missingBrowser);

describe.skipIf(missingBrowser)("dashboard in trouble", () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildDashboard>>;

  beforeAll(async () => {
    built = await buildDashboard();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });

  async function open(api: FakeApi, path = "/"): Promise<Page> {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(api.url + path);
    return page;
  }

  test("asks for the token, refuses a wrong one and keeps the right one for the tab", async () => {
    const api = await startFakeApi({ dist: built.dist, token: "s3cret-token" });
    onTestFinished(api.close);
    const page = await open(api, "/incidents");
    await page.getByLabel("Access token").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The token was not accepted.").waitFor();
    await page.getByLabel("Access token").fill("s3cret-token");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "web: answers too slowly" }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "web: answers too slowly" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Access token").waitFor();
  });

  test("says that the connection is lost, keeps what it knew, and recovers", async () => {
    const api = await startFakeApi({ dist: built.dist });
    const page = await open(api);
    await page.getByRole("article", { name: "Service api" }).waitFor();
    await api.close();
    await page.getByText("Connection lost, retrying.").waitFor();
    await page.getByRole("article", { name: "Service api" }).waitFor();
    const again = await startFakeApi({ dist: built.dist, port: Number(new URL(api.url).port) });
    onTestFinished(again.close);
    await page.getByText("Connection lost, retrying.").waitFor({ state: "detached" });
  });

  test("without anything to show, each page says what to do", async () => {
    const api = await startFakeApi({ dist: built.dist, empty: true });
    onTestFinished(api.close);
    const page = await open(api);
    await page.getByText("No service runs yet").waitFor();
    for (const [path, text] of [
      ["/rollouts", "Nothing was deployed yet"],
      ["/incidents", "No open incident"],
      ["/releases", "No release yet"],
      ["/environment", "Nobody approved anything yet"],
      ["/previews", "No preview"],
      ["/migrations", "No service has migrations"],
      ["/rollouts/ro-1", "no such rollout"],
      ["/services/none", "There is no service named none."],
    ]) {
      await page.goto(api.url + path);
      await page.getByText(text as string).waitFor();
    }
  });

  test("a failed rollout says where it left the way, and what ran into it", async () => {
    const api = await startFakeApi({ dist: built.dist });
    onTestFinished(api.close);
    const page = await open(api, "/rollouts/ro-42");
    const journal = page.getByRole("region", { name: "Journal" }).getByRole("listitem");
    await journal
      .filter({ hasText: "failed" })
      .getByText("the candidate answered 503 in 3 of 3 tries")
      .first()
      .waitFor();
    await page.getByText("api shop-0040, web shop-0041").waitFor();
    const stops = page.getByRole("list", { name: "Progress" }).getByRole("listitem");
    expect((await stops.allTextContents()).slice(-3)).toEqual([
      expect.stringMatching(/^verified, failed\d/),
      expect.stringMatching(/^cleaning, done\d/),
      "failed, failed",
    ]);
    await page.goto(`${api.url}/rollouts/ro-44`);
    await journal
      .filter({ hasText: "running" })
      .getByText(/^1 min/)
      .waitFor();
  });
});
