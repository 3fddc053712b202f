import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webRoot } from "../../src/cli/web-root.ts";
import { Status } from "../../src/contract/status.ts";
import { launch, missingBrowser, watchFaults } from "../../web/dev/chromium.ts";
import type { Command } from "../lab/command.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { until } from "../lab/until.ts";

const missing =
  missingBrowser ?? (existsSync(`${webRoot}/index.html`) ? null : "browser tests skipped: the dashboard is not built");
if (missing) console.log(missing);

/** What a person does on the dashboard, against the daemon itself. The tests build on each other, on one page that is never loaded again. */
describe.skipIf(missing)("the dashboard of a running daemon", () => {
  let lab: Lab;
  let up: Command;
  let browser: Browser;
  let page: Page;
  let url: string;
  let faults: string[] = [];

  beforeAll(async () => {
    lab = await openLab();
    up = lab.start(["up", "--port", "0"]);
    await until("the daemon to be ready", () => {
      if (up.child.exitCode !== null) throw new Error(up.said());
      return up.said().includes("ready: ");
    });
    url = /dashboard (http:\S+)/.exec(up.said())?.[1] ?? "";
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
    faults = watchFaults(page, url);
    await page.goto(url);
    await page.evaluate("window.loaded = 'once'");
  });
  afterAll(async () => {
    await browser?.close();
    up.child.kill("SIGINT");
    await up.done;
    await lab.close();
  });

  async function app() {
    const status = Status.parse(await (await fetch(`${url}/api/status`)).json());
    const found = status.services.find(({ name }) => name === "app");
    if (!found) throw new Error("no service app");
    return found;
  }

  const panel = () => page.getByRole("article", { name: "Service app" });
  const overview = () => page.getByRole("link", { name: "Overview", exact: true }).click();

  /** Presses a button of the overview, then the one of its dialog, and waits for the rollout's page to say that it succeeded. */
  async function rollOut(button: string, verb: string, change: string) {
    await overview();
    await page.getByRole("button", { name: button, exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(change).waitFor();
    await dialog.getByRole("button", { name: verb, exact: true }).click();
    await page.waitForURL(/\/rollouts\/ro-/);
    await page.locator(".heading").getByText("succeeded", { exact: true }).waitFor();
  }

  test("shows what the API says of a healthy service", async () => {
    const { url: routed, replicas } = await app();
    await panel().getByText("healthy", { exact: true }).waitFor();
    await panel()
      .getByRole("link", { name: routed ?? "" })
      .waitFor();
    await panel()
      .getByRole("cell", { name: String(replicas[0]?.pid), exact: true })
      .waitFor();
    await panel().getByRole("cell", { name: "r1", exact: true }).waitFor();
    await panel()
      .getByRole("img", { name: /^Uptime of the last hour: / })
      .waitFor();
    await page.getByText("No open incident.").waitFor();
  });

  test("a deploy is planned, confirmed and followed to its end", async () => {
    lab.manifest({ services: { app: service({ env: { STEP: "2" } }) } });
    await rollOut("Deploy", "Deploy", "r1 → r2");
    await page.getByText("× GET /health → ok").waitFor();
    expect((await app()).release).toBe("r2");
    await overview();
    await panel().getByRole("cell", { name: "r2", exact: true }).waitFor();
  });

  test("a killed process shows as an incident and heals before one's eyes", async () => {
    await overview();
    const pid = (await app()).replicas[0]?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    await page.getByRole("region", { name: "Open incidents" }).getByRole("link", { name: "app: process gone" }).click();
    await page.getByRole("heading", { name: "app: process gone" }).waitFor();
    await page.getByRole("table", { name: "Healing actions" }).getByText("succeeded").waitFor();
    await page.locator(".heading").getByText("monitoring", { exact: true }).waitFor();
    const [fresh] = (await app()).replicas;
    expect(fresh).toMatchObject({ state: "running", release: "r2" });
    expect(fresh?.pid).not.toBe(pid);
    await overview();
    await panel().getByText("healthy", { exact: true }).waitFor();
    await panel()
      .getByRole("cell", { name: String(fresh?.pid), exact: true })
      .waitFor();
  });

  test("going back is planned by the daemon and makes the release before serve", async () => {
    await rollOut("Roll back", "Roll back to r1", "r2 → r1");
    expect((await app()).release).toBe("r1");
    expect(JSON.parse((await lab.ask("/health")).body)).toMatchObject({ release: "r1" });
  });

  test("all of it without a reload and without an error in the browser", async () => {
    expect(await page.evaluate("window.loaded")).toBe("once");
    expect(faults).toEqual([]);
  });
});
