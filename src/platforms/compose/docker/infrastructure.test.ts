import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeImage } from "../../../../test/labs/docker.ts";
import { findProgram } from "../../../../test/labs/missing.ts";
import { infrastructureText } from "../file/infrastructure.ts";
import { loadComposeFile } from "../file/load.ts";
import { composeKind, upInfrastructure, wavesOf } from "./infrastructure.ts";
import { readContainers } from "./inspect.ts";
import { type Bench, openBench, skipReason } from "./testing.ts";

const skipped = skipReason();
const compose = findProgram("docker-compose");
if (!compose) console.log("skipped: docker-compose is not installed");

const LABELS = { "stationmaster.app": "shop", "stationmaster.env": "test" };
const FILE = `
services:
  web: {image: app, depends_on: [db], env_file: nosuch.env}
  db:
    image: base/node:1
    command: sh -c 'sleep 1; touch /data/up; echo up; exec sleep 600'
    environment: {PASSWORD: "\${DB_PASSWORD}", PRICE: 5$$}
    volumes: ["data:/data"]
    healthcheck: {test: "test -f /data/up", interval: 1s, retries: 30}
    depends_on: {setup: {condition: service_completed_successfully}}
    stop_grace_period: 0s
  setup: {image: base/node:1, command: "true"}
  debug: {image: base/node:1, profiles: [debug], command: sleep 600}
volumes: {data: }
`;

describe.skipIf(skipped || !compose)("what is left to Compose", () => {
  let bench: Bench;
  const values: Record<string, string> = { DB_PASSWORD: `p$w "d' #1` };
  const source = { variable: (name: string) => values[name], readFile: async () => undefined };
  const load = (text: string) =>
    loadComposeFile(text, { name: "compose.yaml", dir: "/srv", ours: ["web"], variable: source.variable });

  beforeAll(async () => {
    bench = await openBench();
    await nodeImage(bench.engine);
  }, 120_000);
  afterAll(async () => await bench?.end(), 60_000);

  async function up(text: string) {
    const file = load(text);
    const project = {
      name: "shop",
      file,
      text: await infrastructureText(file, source, LABELS),
      directory: bench.folder,
    };
    await upInfrastructure(bench.docker, project);
  }
  async function containers() {
    const names = await bench.docker.call(["ps", "--all", "--format", "{{.Names}}"], { step: "list" });
    const list = names.split("\n").filter(Boolean).sort();
    return readContainers(await bench.docker.call(["inspect", ...list], { step: "look" }));
  }

  test("starts in order, waits until healthy, leaves what runs alone, starts what ended", async () => {
    expect(await composeKind(bench.docker)).toBeDefined();
    await up(FILE);
    const first = await containers();
    const [db, setup] = first;
    expect(first.map(({ id }) => id.replaceAll("-", "_"))).toEqual(["shop_db_1", "shop_setup_1"]);
    expect(db).toMatchObject({ alive: true, health: "healthy", networks: ["shop_default"] });
    expect(setup?.exit?.code).toBe(0);
    const id = db?.id ?? "";
    const env = await bench.docker.call(["inspect", "--format", "{{json .Config.Env}}", id], { step: "look" });
    expect(JSON.parse(env)).toEqual(expect.arrayContaining([`PASSWORD=${values.DB_PASSWORD}`, "PRICE=5$"]));
    const looks = [
      ["inspect", id],
      ["volume", "inspect", "shop_data"],
      ["network", "inspect", "shop_default"],
    ];
    const told = await Promise.all(looks.map((look) => bench.docker.call(look, { step: "look" })));
    for (const [{ Labels, Config = { Labels } }] of told.map((text) => JSON.parse(text)))
      expect(Config.Labels).toMatchObject(LABELS);

    // A changed file makes no new database.
    await up(FILE.replace("PRICE: 5", "PRICE: 6"));
    expect((await containers())[0]?.startedAt).toBe(db?.startedAt);

    await bench.docker.call(["kill", id], { step: "kill" });
    await up(FILE);
    const [again] = await containers();
    expect(again).toMatchObject({ alive: true, health: "healthy", id });
    expect(again?.startedAt).not.toBe(db?.startedAt);
  }, 120_000);

  test("one that ends or that Compose refuses is told with its host and its last words", async () => {
    const failing = "services: {cache: {image: base/node:1, command: sh -c 'echo no disk; exit 3'}}";
    await expect(up(failing)).rejects.toMatchObject({
      code: "SM-COMPOSE-UNHEALTHY",
      message: "local: start cache: it ended with code 3: no disk",
    });
    await expect(up("services: {odd: {image: base/node:1, cpu_sharse: 3}}")).rejects.toMatchObject({
      code: "SM-COMPOSE-UP",
      message: expect.stringContaining("local: start odd: "),
    });
  }, 120_000);

  test("the order is that of depends_on", () => {
    expect(wavesOf(load(FILE))).toEqual([["setup"], ["db"]]);
  });
});
