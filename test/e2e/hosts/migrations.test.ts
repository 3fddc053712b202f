import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { plannedContract } from "../../../src/daemon/contract.ts";
import { reportMigrations } from "../../../src/daemon/migrations.ts";
import { carryOut } from "../../../src/daemon/rollouts.ts";
import { vouch } from "../../../src/daemon/vouch.ts";
import { createTestDatabase } from "../../../src/store/testing.ts";
import { docker } from "../../labs/docker.ts";
import { type Fleet, openFleet } from "../../labs/fleet.ts";
import { underLoad } from "../../labs/fleet-load.ts";
import { missingHosts } from "../../labs/hosts.ts";
import { postgresImage } from "../../labs/images.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: migrations on hosts: ${missing}`);

/** Sends one statement to DATABASE_URL, in the words of PostgreSQL's own protocol; the image has no client. */
const CLIENT = `
import { connect } from "node:net";
const { username, hostname, port, pathname } = new URL(process.env.DATABASE_URL);
const text = (value) => Buffer.from(value + "\\0");
const sized = (body) => { const size = Buffer.alloc(4); size.writeInt32BE(body.length + 4); return Buffer.concat([size, body]); };
const socket = connect({ host: hostname, port: Number(port) });
const words = ["user", username, "database", pathname.slice(1), ""].map(text);
socket.write(sized(Buffer.concat([Buffer.from([0, 3, 0, 0]), ...words])));
socket.write(Buffer.concat([Buffer.from("Q"), sized(text(process.argv[2])), Buffer.from("X"), sized(Buffer.alloc(0))]));
let said = "";
socket.on("data", (data) => { said += data.toString("latin1"); });
socket.on("close", () => { console.log(said.includes("ALTER TABLE") ? "altered" : said); process.exit(said.includes("ALTER TABLE") ? 0 : 1); });
`;

describe.skipIf(missing)("a database that the hosts reach", () => {
  let fleet: Fleet;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let client: pg.Client;
  let bridge: Server;
  let address: string;
  beforeAll(async () => {
    fleet = await openFleet({ hosts: 2 });
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    client.on("error", () => {});
    await client.connect();
    ({ bridge, address } = await open(fleet.machines.gateway, database.url));
  });
  afterAll(async () => {
    await client?.end();
    await fleet?.close();
    bridge?.close();
    await database?.drop();
  });

  /** The image of the application with further files, and what reads them. */
  async function image(version: string, files: Record<string, string>): Promise<string> {
    const base = await fleet.image(`base-${version}`);
    const folder = mkdtempSync(join(tmpdir(), "stationmaster-image-"));
    const name = `${fleet.machines.registry}/app:${version}`;
    const [first] = fleet.machines.hosts;
    if (!first) throw new Error("no host");
    try {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, "files", path)), { recursive: true });
        writeFileSync(join(folder, "files", path), content);
      }
      const lines = [
        `FROM ${base}`,
        'RUN ["busybox", "ln", "-s", "busybox", "/bin/grep"]',
        "COPY files /app/",
        "WORKDIR /app",
      ];
      writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
      await docker(first.docker, ["build", "-q", "-t", name, folder], 120_000);
      await docker(first.docker, ["push", name], 120_000);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return name;
  }
  const columns = async () =>
    (
      await client.query<{ name: string }>(
        "select column_name as name from information_schema.columns where table_name = 'users' order by ordinal_position",
      )
    ).rows.map(({ name }) => name);
  const migrations = () => fleet.containers().then((all) => all.filter((line) => !line.endsWith("running")));

  test("row i: expand from the new image while the old release serves; contract; no way back across it", async () => {
    const service = { env: { DATABASE_URL: address }, migrate: { tool: "sql" } };
    const first = { "migrations/1_users.sql": "create table users (id int primary key, name text);\n" };
    fleet.manifest(await image("one", first), { service });
    expect(await fleet.ship()).toMatchObject({ state: "SUCCEEDED", release: "r1" });
    expect(await columns()).toEqual(["id", "name"]);

    const second = {
      ...first,
      "migrations/2_title.sql": "alter table users add column title text;\n",
      "migrations/3_name.contract.sql": "alter table users drop column name;\n",
    };
    fleet.manifest(await image("two", second), { service });
    const report = await reportMigrations(fleet.engine, {}, "cli:ada");
    expect(report).toMatchObject({
      services: [{ service: "app", safe: true, position: 2 }],
      migrations: [{ pending: ["2_title"] }, { pending: ["3_name.contract"] }],
    });
    const load = await underLoad(fleet, async () => {
      expect(await fleet.ship()).toMatchObject({ state: "SUCCEEDED", release: "r2" });
    });
    expect(load).toMatchObject({ failed: 0, ok: load.sent });
    expect(await columns()).toEqual(["id", "name", "title"]);
    expect(await migrations()).toEqual([]);

    await expect(
      carryOut(fleet.engine, await plannedContract(fleet.engine, { service: "app" }, "cli:ada")),
    ).rejects.toMatchObject({ code: "SM-PREFLIGHT", message: expect.stringContaining("backup (nobody vouched)") });
    await vouch(fleet.engine, { what: "backup" }, "cli:ada");
    const planned = await plannedContract(fleet.engine, { service: "app" }, "cli:ada");
    expect(planned.plan.migrations).toMatchObject([{ ends: ["r1"] }]);
    expect(await carryOut(fleet.engine, planned)).toMatchObject({ state: "SUCCEEDED", kind: "contract" });
    expect(await columns()).toEqual(["id", "title"]);
    await expect(fleet.goBack("r1")).rejects.toMatchObject({ code: "SM-ROLLBACK-SCHEMA" });
    expect(await fleet.releases()).toEqual(["r2", "r2"]);
  });

  test("a command runs in one container of the new image, with its variables, once for both hosts", async () => {
    const alter = (what: string) => ({
      service: {
        env: { DATABASE_URL: address },
        migrate: { tool: "command", command: ["node", "/app/client.mjs", `alter table users add column ${what}`] },
      },
    });
    const name = await image("three", { "client.mjs": CLIENT });
    fleet.manifest(name, alter("email text"));
    expect(await fleet.ship()).toMatchObject({ state: "SUCCEEDED", reason: null });
    expect(await columns()).toContain("email");
    const serving = await fleet.releases();
    fleet.manifest(name, alter("id text"));
    expect(await fleet.ship()).toMatchObject({
      state: "FAILED",
      failure: {
        code: "SM-MIGRATION-FAILED",
        // The answer of the server may come in parts.
        logs: expect.arrayContaining([expect.stringContaining('column "id" of relation "users"')]),
      },
    });
    expect(await fleet.releases()).toEqual(serving);
    expect(await migrations()).toEqual([]);
  });

  test("a name that only their own network knows is said not to lead there", async () => {
    const env = { DATABASE_URL: "postgres://app@db:5432/app" };
    fleet.manifest(await image("four", { "migrations/1_users.sql": "select 1;" }), {
      service: { env, migrate: { tool: "sql" } },
    });
    expect(await fleet.ship()).toMatchObject({ state: "FAILED", failure: { code: "SM-MIGRATION-DATABASE" } });
  });

  test("of one host also the database that is in the Compose file itself, by its name there", async () => {
    const [first] = fleet.machines.hosts;
    if (!first) throw new Error("no host");
    await postgresImage(first.docker, "lab/postgres:1");
    const health = "{test: test -S /tmp/.s.PGSQL.5432, interval: 1s, retries: 60}";
    const db = `{image: "lab/postgres:1", stop_signal: SIGKILL, healthcheck: ${health}}`;
    fleet.write("compose.yaml", `services:\n  app: {depends_on: {db: {condition: service_healthy}}}\n  db: ${db}\n`);
    const env = { DATABASE_URL: "postgres://app@db/postgres" };
    const sql = { "migrations/1_own.sql": "create table own (id int primary key);\n" };
    const settings = { hosts: ["h1"] };
    fleet.manifest(await image("own", sql), { service: { env, migrate: { tool: "sql" } }, settings });
    expect(await fleet.ship()).toMatchObject({ state: "SUCCEEDED", failure: null });
    const report = await reportMigrations(fleet.engine, {}, "cli:ada");
    expect(report).toMatchObject({ services: [{ service: "app", safe: true }], migrations: [] });
  });
});

/** The test run's server, which listens on a socket only, at an address of this machine in the hosts' network. */
async function open(gateway: string, url: string): Promise<{ bridge: Server; address: string }> {
  const { searchParams, pathname, username } = new URL(url.replace("@/", "@local/"));
  const bridge = createServer((from) => {
    const to = connect(join(searchParams.get("host") ?? "", ".s.PGSQL.5432"));
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const)
      a.on("error", () => b.destroy()).pipe(b);
  });
  await new Promise<void>((done) => bridge.listen(0, gateway, done));
  const bound = bridge.address();
  const port = typeof bound === "object" && bound ? bound.port : 0;
  return { bridge, address: `postgres://${username}@${gateway}:${port}${pathname}` };
}
