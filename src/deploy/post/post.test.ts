import { afterEach, describe, expect, test, vi } from "vitest";
import { service } from "../../../test/lab/lab.ts";
import { readJournal } from "../../store/rollouts.ts";
import type { Run } from "../run.ts";
import { type DeployLab, openDeployLab } from "../testing.ts";
import { findBrowser } from "./browser.ts";
import { together } from "./post.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** A page, a sign-in and a log that files beside it decide on. */
const APP = `import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
if (existsSync("says.txt")) console.error(readFileSync("says.txt", "utf8"));
createServer(({ url }, response) => {
  const html = url === "/" && existsSync("page.html");
  response.setHeader("content-type", html ? "text/html" : "application/json");
  if (url === "/login" && existsSync("nobody.txt")) response.statusCode = 401;
  response.end(html ? readFileSync("page.html") : '{"token":"t"}');
}).listen(Number(process.env.PORT), "127.0.0.1");
`;

describe("a release that bakes", () => {
  let lab: DeployLab;
  afterEach(async () => await lab.close());

  async function open(manifest: Record<string, unknown> = {}) {
    lab = await openDeployLab({ services: { app: service({ start: ["${NODE}", "server.mjs"] }) }, manifest });
    lab.write("server.mjs", APP);
  }
  /** What the journal says of the checks of a rollout, by item. */
  async function noted(id: string) {
    const rows = await readJournal(lab.engine.store.db, id);
    const outcomes = rows.filter(({ key, phase }) => phase === "outcome" && key.startsWith("post:"));
    return Object.fromEntries(outcomes.map(({ key, payload }) => [key.slice("post:".length), payload]));
  }

  test("is judged by its units, its log and the canary user; a first one has nothing to be compared with", async () => {
    const steps = [
      { post: "${service:app}/login", save: { token: "$.token" } },
      { get: "${service:app}/me?t=${token}" },
    ];
    await open({ checks: { login: { steps }, elsewhere: { steps: [{ get: "${secret:LAB_NO_SUCH_URL}" }] } } });
    const first = await lab.ship();
    expect(first.state).toBe("SUCCEEDED");
    expect(await noted(first.id)).toEqual({
      page: { ok: true, skipped: true, evidence: "nobody else depends on this environment" },
      "canary-user": {
        ...{ ok: true, skipped: false },
        evidence: "login passed; elsewhere: the secret LAB_NO_SUCH_URL is not set (used in checks.elsewhere)",
      },
      checks: { ok: true, skipped: true, evidence: "no further check speaks for what is new" },
      units: { ok: true, skipped: false, evidence: "1 running since their start, without a restart" },
      logs: { ok: true, skipped: true, evidence: "there is no older log to compare with" },
    });
    lab.write("nobody.txt", "");
    const second = await lab.ship();
    expect(second).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-POST-JOURNEY" } });
    expect(second.failure?.message).toMatch(/^the check login fails on the new release: step 1 \(POST \/login\)/);
    expect((await lab.ask("/")).release).toBe("r1");
  });

  test("is asked what the manifest's checks of its service ask, some of them again; not those of others", async () => {
    const url = "${service:app}/login";
    const nobody = { tcp: "127.0.0.1:1", timeout: "1s" };
    await open({
      checks: {
        entry: { url, timeout: "4s", expect: { json: { token: "t" } } },
        cache: { service: "app", redis: "${secret:LAB_NO_SUCH_CACHE}" },
        other: nobody,
        job: { service: "app", heartbeat: { period: "1h", grace: "1m" } },
      },
    });
    const first = await lab.ship();
    expect(first.state).toBe("SUCCEEDED");
    expect((await noted(first.id)).checks).toMatchObject({
      skipped: false,
      evidence: expect.stringMatching(/^entry passed; cache: .*LAB_NO_SUCH_CACHE/),
    });
    lab.write("nobody.txt", "");
    const second = await lab.ship();
    expect(second).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-POST-CHECK" } });
    expect(second.failure?.message).toMatch(/^the check entry fails on the new release: .*401/);
    expect((await lab.ask("/")).release).toBe("r1");
  });

  test("goes back for an error that is new in its log, not for one that was there", async () => {
    await open();
    lab.write("says.txt", "Error: cache 7 is away\n");
    await lab.ship();
    lab.write("says.txt", Array.from({ length: 5 }, (_, i) => `Error: cache ${i} is away\n`).join(""));
    expect(await lab.ship()).toMatchObject({ state: "SUCCEEDED", release: "r2" });
    lab.write("says.txt", Array.from({ length: 3 }, (_, i) => `Error: order ${i} is lost\n`).join(""));
    const third = await lab.ship();
    expect(third).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-POST-LOGS", service: "app" } });
    expect(third.failure?.message).toBe(
      "app: its log has an error that r2 does not report, 3 times: Error: order 0 is lost",
    );
    const back = await lab.goBack("r1");
    expect(back.state).toBe("SUCCEEDED");
    expect(await noted(back.id)).toEqual({});
  });

  test("where the log of a recreated service went with it, only a process that dies leads back", async () => {
    await open({ environments: { local: { platform: "local", strategy: { kind: "recreate", bake: "500ms" } } } });
    const { platform } = lab.dependencies;
    const tail: NonNullable<typeof platform.logs>["tail"] = async (unit, count) =>
      (await platform.observe(unit, { signal: AbortSignal.timeout(9_000) })).alive
        ? ((await platform.logs?.tail(unit, count)) ?? [])
        : [];
    const logs = platform.logs && { ...platform.logs, tail };
    const deployer = lab.another({ platform: { ...platform, ...(logs ? { logs } : {}) } });
    const ship = async () => await deployer.run((await deployer.begin(await lab.plan())).id);
    lab.write("says.txt", "Error: it is full\n".repeat(5));
    await ship();
    lab.write("says.txt", "Error: it is full\n".repeat(6));
    const second = await ship();
    expect(second).toMatchObject({ state: "SUCCEEDED", release: "r2" });
    expect((await noted(second.id)).logs).toMatchObject({
      skipped: false,
      evidence: "no process of app says that it dies; the old log is gone",
    });
    lab.write("says.txt", "FATAL: no schema\n");
    expect((await ship()).failure).toMatchObject({ code: "SM-POST-LOGS", service: "app" });
  });

  const browser = findBrowser();
  if (!browser) console.log("skipped: a page that breaks (no chromium or google-chrome in PATH)");
  test.skipIf(!browser)("goes back for a page that breaks in a browser, where others depend on it", async () => {
    const strategy = { kind: "blue-green", bake: "500ms" };
    await open({ environments: { local: { platform: "local", require: ["qa"], strategy } } });
    lab.write("page.html", "<h1>shop</h1><script>console.error('old sore', 1)</script>");
    const first = await lab.ship();
    expect((await noted(first.id)).page).toMatchObject({
      skipped: false,
      evidence: expect.stringContaining("opened http"),
    });
    lab.write("page.html", "<h1>new shop</h1><script>console.error('old sore', 2)</script>");
    expect(await lab.ship()).toMatchObject({ state: "SUCCEEDED", release: "r2" });
    lab.write("page.html", "<h1>newest</h1><script>missing()</script>");
    const third = await lab.ship();
    expect(third).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-POST-PAGE", service: "app" } });
    expect(third.failure?.message).toContain("ReferenceError: missing is not defined");
    expect((await lab.ask("/")).body).toContain("new shop");
  });
});

describe("side by side", () => {
  const run = (signal: AbortSignal) => ({ signal }) as Run;
  const untilAborted = async ({ signal }: Run) =>
    await new Promise<void>((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));

  test("the first failure ends the others and is the one that is told", async () => {
    let ended = false;
    const other = async (part: Run) => await untilAborted(part).finally(() => (ended = true));
    const works = [other, async () => Promise.reject(new Error("sick"))];
    await expect(together(run(new AbortController().signal), works)).rejects.toThrow("sick");
    expect(ended).toBe(true);
  });

  test("all that go well are waited for; who stops the run stops them", async () => {
    await together(run(new AbortController().signal), [async () => 1, async () => 2]);
    const stop = new AbortController();
    const stopped = together(run(stop.signal), [untilAborted, async () => 2]);
    stop.abort(new Error("lease lost"));
    await expect(stopped).rejects.toThrow("lease lost");
  });
});
