import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { previewUseCases } from "../../../src/daemon/preview-orders.ts";
import { createPreviews, type Previews } from "../../../src/daemon/previews.ts";
import { type DeployLab, openDeployLab } from "../../../src/deploy/testing.ts";
import { listPreviews } from "../../../src/store/previews.ts";
import { push as pushTo, git as runGit } from "../../lab/repository.ts";
import { docker, nodeImage } from "../../labs/docker.ts";
import { type HostsLab, type LabHost, missingHosts, openHosts } from "../../labs/hosts.ts";
import { findProgram } from "../../labs/missing.ts";

const missing =
  missingHosts() ??
  ["haproxy", "docker-compose", "git"].find((program) => !findProgram(program))?.concat(" is not installed");
if (missing) console.log(`skipped: previews on a host: ${missing}`);

const WEEK = 7 * 24 * 3_600_000;
const DOCKERFILE = 'FROM base/node:1\nCOPY server.mjs /server.mjs\nEXPOSE 8080\nCMD ["node", "/server.mjs"]\n';
const server = (branch: string) =>
  `import { createServer } from "node:http"; process.once("SIGTERM", () => process.exit());
createServer((_, response) => response.end(${JSON.stringify(branch)})).listen(8080);`;
/** Only the image says which port the application has. A database, as far as it matters here: something with a volume that the manifest does not list. */
const COMPOSE = `
name: shop
services:
  app: {build: ., networks: [default]}
  db: {image: base/node:1, command: sleep 600, stop_signal: SIGKILL, volumes: ["data:/data"]}
volumes: {data: }
`;

describe.skipIf(missing)("previews on a host", () => {
  let machines: HostsLab;
  let host: LabHost;
  let lab: DeployLab;
  let previews: Previews;
  let repository: string;
  let now = Date.now();
  const failures: unknown[] = [];

  const git = (...args: string[]) => runGit(repository, ...args);
  const push = (branch: string) => pushTo(repository, branch, "server.mjs", server(branch));
  /** What the host's engine knows, by the command that lists it. */
  const there = async (...list: string[]) => (await docker(host.docker, list)).split("\n").filter(Boolean).sort();
  const everything = async () => ({
    containers: await there("ps", "-a", "--format", "{{.Names}} {{.ID}}"),
    networks: await there("network", "ls", "--format", "{{.Name}}"),
    volumes: await there("volume", "ls", "-q"),
    images: await there("images", "--format", "{{.Repository}}:{{.Tag}}"),
  });
  const ask = (name: string) =>
    new Promise<string>((answer, fail) => {
      const headers = { host: `${name}.preview.test` };
      const options = { host: host.address, port: 8080, headers, agent: false, timeout: 10_000 };
      request(options, (response) => text(response).then((body) => answer(`${response.statusCode} ${body}`), fail))
        .on("error", fail)
        .end();
    });
  const states = async () =>
    Object.fromEntries((await listPreviews(lab.engine.store.db, "shop")).map(({ env, state }) => [env, state]));

  beforeAll(async () => {
    repository = mkdtempSync(join(tmpdir(), "stationmaster-repository-"));
    await git("init", "-q", "-b", "main");
    writeFileSync(join(repository, "Dockerfile"), DOCKERFILE);
    await push("main");
    machines = await openHosts({ count: 1 });
    host = machines.hosts[0] as LabHost;
    process.env.STATIONMASTER_SSH_CONFIG = machines.sshConfig;
    await nodeImage(host.docker);
    const place = { platform: "compose", hosts: ["h1"], path: host.path };
    const manifest = {
      project: "shop",
      repository,
      services: { app: { path: ".", dockerfile: "Dockerfile", health: "/", grace: "2s" } },
      environments: {
        production: { ...place, routes: { app: 8081 } },
        preview: { ...place, per: "branch", routes: { app: { port: 8080, domain: "${preview}.preview.test" } } },
      },
    };
    lab = await openDeployLab({ text: stringify(manifest) });
    lab.write("compose.yaml", COMPOSE);
    mkdirSync(join(lab.root, "state"), { recursive: true });
    previews = createPreviews({ engine: lab.engine, report: (error) => failures.push(error), now: () => now });
  }, 180_000);

  afterAll(async () => {
    await previews?.stop();
    await lab?.close();
    await machines?.close();
    delete process.env.STATIONMASTER_SSH_CONFIG;
    rmSync(repository, { recursive: true, force: true });
  }, 120_000);

  test("two branches have two addresses on one port; of one that is over nothing is left, and nothing else is touched", async () => {
    const foreign = ["--label", "com.docker.compose.project=shop-br", "-v", "shop-theirs:/data", "base/node:1"];
    await docker(host.docker, ["run", "-d", "--name", "shop-br-one-theirs", ...foreign, "sleep", "600"]);
    const before = await everything();
    await push("one");
    await push("feature/two");
    await previews.round();
    expect(failures).toEqual([]);
    const rows = await listPreviews(lab.engine.store.db, "shop");
    expect(
      rows.map(({ env, url, reason, state }) => ({ env, url, reason, state })).sort((a, b) => (a.env < b.env ? -1 : 1)),
    ).toEqual([
      { env: "br-feature-two", url: "http://br-feature-two.preview.test:8080", reason: null, state: "running" },
      { env: "br-one", url: "http://br-one.preview.test:8080", reason: null, state: "running" },
    ]);
    expect(await ask("br-one")).toBe("200 one");
    expect(await ask("br-feature-two")).toBe("200 feature/two");
    const both = await everything();
    const ofPreviews = ["--filter", "label=stationmaster.role=preview"];
    expect(await there("ps", "--format", '{{.Label "stationmaster.env"}}', ...ofPreviews)).toEqual([
      "br-feature-two",
      "br-one",
    ]);
    const commit = rows.find(({ env }) => env === "br-one")?.commit ?? "";
    expect(both.images.join()).toContain(commit.slice(0, 12));
    expect(both.volumes).toEqual(expect.arrayContaining(["shop-br-one_data", "shop-br-feature-two_data"]));

    await git("branch", "-qD", "one");
    await previews.round();
    expect(await states()).toEqual({ "br-one": "closed", "br-feature-two": "running" });
    expect(await ask("br-one")).toBe("200 one");

    now += WEEK - 60_000;
    expect(await ask("br-feature-two")).toBe("200 feature/two");
    await previews.round();
    now += 60_000;
    await previews.round();
    expect(failures).toEqual([]);
    expect(await states()).toEqual({ "br-one": "removed", "br-feature-two": "running" });
    const left = await everything();
    const others = (list: string[]) => list.filter((item) => !/^(stationmaster-)?shop-br-one(?!-theirs)/.test(item));
    expect(left).toEqual({
      containers: others(both.containers),
      networks: others(both.networks),
      volumes: others(both.volumes),
      images: both.images.filter((image) => !image.includes(commit.slice(0, 12))),
    });
    for (const key of ["containers", "networks", "volumes"] as const)
      expect(left[key]).toEqual(expect.arrayContaining(before[key]));
    expect(await ask("br-feature-two")).toBe("200 feature/two");
    expect(await ask("br-one")).not.toContain("200 one");
  }, 300_000);

  test("asleep its containers are stopped and its volume stays; woken it answers again", async () => {
    // The first look sees the requests from before, the second none.
    for (const _ of [1, 2]) {
      now += WEEK;
      await previews.round();
    }
    expect(await states()).toMatchObject({ "br-feature-two": "asleep" });
    const running = await there("ps", "--format", "{{.Names}}");
    expect(running.filter((name) => name.startsWith("shop-br-feature-two"))).toEqual([]);
    expect((await everything()).volumes).toContain("shop-br-feature-two_data");
    const db = (await everything()).containers.find((line) => /feature-two.db/.test(line));
    await push("feature/two");
    await previews.round();
    expect(failures).toEqual([]);
    expect(await ask("br-feature-two")).toBe("200 feature/two");
    expect((await everything()).containers).toContain(db);
  }, 300_000);

  test("a pull request of a fork is built from its own ref when somebody opens it", async () => {
    await push("stranger");
    await git("update-ref", "refs/pull/7/head", "stranger");
    await git("branch", "-qD", "stranger");
    const onBackgroundError = (error: unknown) => failures.push(error);
    const orders = previewUseCases(lab.engine, previews, { inDaemon: false, onBackgroundError });
    const opened = await orders.openPreview({ ref: "refs/pull/7/head", pr: 7, fork: true }, "cli:test");
    expect(opened).toMatchObject({ name: "pr-7", ready: true, reason: null, fork: true });
    expect(await ask("pr-7")).toBe("200 stranger");
    expect(await orders.removePreview("pr-7", "cli:test")).toMatchObject({ state: "removed" });
    expect((await everything()).containers.filter((name) => name.includes("pr-7"))).toEqual([]);
  }, 300_000);
});
