import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ask, type Lab, openLab, service } from "../lab/lab.ts";
import { kill } from "../lab/processes.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const ONE_LINE = /^error SM-[A-Z-]+: [^\n]+; [^\n]+\n$/;

describe("bad input", () => {
  let lab: Lab;
  let url: string;
  beforeAll(async () => {
    lab = await openLab();
    expect((await lab.deploy()).code).toBe(0);
    url = await lab.url();
  });
  afterAll(() => lab.close());

  /** One clear line with code and next step, a non-zero exit, and what runs goes on. */
  async function refused(
    args: string[] = ["deploy", "local", "--yes"],
  ): Promise<{ line: string; code: number | null }> {
    const before = await ask(`${url}/version`);
    const { code, stdout, stderr } = await lab.run(args);
    expect(await ask(`${url}/version`)).toEqual(before);
    expect(stdout).toBe("");
    expect(stderr).toMatch(ONE_LINE);
    return { line: stderr, code };
  }

  test("a mistake in the manifest, with its line", async () => {
    const good = readFileSync(join(lab.root, "stationmaster.yaml"), "utf8");
    lab.manifest({ text: good.replace("drain:", "drian:") });
    const { line, code } = await refused();
    expect(code).toBe(2);
    expect(line).toMatch(/SM-CONFIG-KEY: .*stationmaster\.yaml:\d+: unknown key "drian".*did you mean "drain"\?/);
    lab.manifest({ text: good });
  });

  test("a secret that is not set, with its place", async () => {
    lab.manifest({ services: { app: service({ env: { PASSWORD: "${secret:LAB_ABSENT}" } }) } });
    const { line, code } = await refused();
    expect(code).toBe(2);
    expect(line).toMatch(/SM-SECRET-MISSING: the secret LAB_ABSENT is not set \(used in services\.app\.env/);
    // What does not need it works.
    expect((await lab.run(["status"])).code).toBe(0);
    expect((await lab.run(["releases"])).code).toBe(0);
    lab.manifest({});
  });

  test("an environment, a service, a release and a port that are none", async () => {
    for (const [args, code] of [
      [["deploy", "produciton", "--yes"], "SM-ENVIRONMENT"],
      [["deploy", "local", "--only", "ap", "--yes"], "SM-DEPLOY-SERVICE"],
      [["rollback", "local", "--to", "r99", "--yes"], "SM-RELEASE-UNKNOWN"],
      [["up", "--port", "99999"], "SM-USAGE"],
      [["logs", "ap"], "SM-SERVICE-UNKNOWN"],
    ] as const) {
      const found = await refused([...args]);
      expect(found.line).toContain(code);
      expect(found.code).toBe(2);
    }
  });

  test("a start command that is not there: said before anything is begun", async () => {
    lab.manifest({ services: { app: service({ start: "no-such-program" }) } });
    const { line, code } = await refused();
    expect(code).toBe(2);
    expect(line).toContain('SM-START-NOT-FOUND: app: the start command "no-such-program" was not found');
    lab.manifest({});
  });

  test("a state directory that cannot be one", async () => {
    const { code, stderr } = await lab.run(["status", "--state", join(lab.root, "version.txt")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error SM-STATE-DIR: /);
  });
});

describe("parts that break", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ store: "embedded" });
    expect((await lab.deploy()).code).toBe(0);
  });
  afterAll(() => lab.close());

  const pidOf = (part: string) => lab.processes().find(({ command }) => command.includes(part))?.pid ?? 0;
  const routerPid = () => pidOf("/router/");

  test("the embedded store ends with the last command, not with the first", async () => {
    expect(pidOf("bin/postgres")).toBe(0);
    lab.manifest({ strategy: { bake: "3s" }, services: { app: service({ env: { STEP: "1" } }) } });
    const deploy = lab.start(["deploy", "local", "--yes", "--json"]);
    await until("the store", () => pidOf("bin/postgres"));
    for (let i = 0; i < 3; i++) expect((await lab.run(["status"])).code).toBe(0);
    const { stdout, stderr } = await deploy.done;
    expect(stdout, stderr).not.toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ state: "SUCCEEDED" });
    await until("the end of the store", () => pidOf("bin/postgres") === 0);
  });

  test("the store is killed under a deployment: users notice nothing, the next command finishes", async () => {
    const url = await lab.url();
    const before = await ask(`${url}/version`);
    lab.manifest({ strategy: { bake: "4s" }, services: { app: service({ env: { STEP: "2" } }) } });
    const deploy = lab.start(["deploy", "local", "--yes"]);
    await until("verification", () => deploy.said().includes("VERIFIED"));
    kill(pidOf("bin/postgres"), "SIGKILL");
    const { code, stderr } = await deploy.done;
    expect(code).toBe(1);
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^error SM-STORE-/);
    expect(await ask(`${url}/version`)).toEqual(before);
    lab.manifest({ services: { app: service({ env: { STEP: "3" } }) } });
    const next = await lab.deploy();
    expect(next.rollout.state).toBe("SUCCEEDED");
    expect(lab.processes().filter(({ command }) => command.includes("app.mjs"))).toHaveLength(1);
  });

  test("the router is killed in a deployment: a new one has the same routes, and the deployment ends well", async () => {
    const url = await lab.url();
    lab.manifest({ strategy: { bake: "3s" }, services: { app: service({ env: { STEP: "4" } }) } });
    const deploy = lab.start(["deploy", "local", "--yes", "--json"]);
    await until(
      "a second unit",
      () => lab.processes().filter(({ command }) => command.includes("app.mjs")).length === 2,
    );
    const before = routerPid();
    kill(before, "SIGKILL");
    const after = await until("another router", () => routerPid() !== before && routerPid());
    expect(after).not.toBe(before);
    const { state } = JSON.parse((await deploy.done).stdout);
    expect(["SUCCEEDED", "ROLLED_BACK"]).toContain(state);
    expect((await ask(`${url}/version`)).status).toBe(200);
  });

  test("a router state that nobody can read is put aside and made anew from what is known", async () => {
    const url = await lab.url();
    kill(routerPid(), "SIGKILL");
    await until("its end", () => routerPid() === 0);
    writeFileSync(join(lab.state, "router.json"), '{"version":1,"routes":{"la');
    lab.manifest({ services: { app: service({ env: { STEP: "5" } }) } });
    expect((await lab.deploy()).rollout.state).toBe("SUCCEEDED");
    expect(await lab.url()).toBe(url);
    expect((await ask(`${url}/version`)).status).toBe(200);
    const aside = existsSync(lab.state) && (await import("node:fs")).readdirSync(lab.state);
    expect(aside).toContainEqual(expect.stringContaining("router.json.corrupt-"));
  });

  test("a remembered port that another program took meanwhile is replaced; one that was asked for is an error", async () => {
    const port = Number(new URL(await lab.url()).port);
    expect((await lab.run(["down"])).code).toBe(0);
    const squatter = createServer().listen(port, "127.0.0.1");
    await new Promise((done) => squatter.once("listening", done));
    try {
      expect((await lab.deploy()).rollout).toMatchObject({ failure: null, state: "SUCCEEDED" });
      expect(await lab.url()).not.toContain(`:${port}`);
      const before = await lab.ask("/version");
      lab.manifest({ services: { app: service({ port }) } });
      const { rollout } = await lab.deploy();
      expect(rollout).toMatchObject({ failure: { code: "SM-PORT-TAKEN" } });
      lab.manifest({});
      expect(await lab.ask("/version")).toEqual(before);
    } finally {
      squatter.close();
    }
  });
});
