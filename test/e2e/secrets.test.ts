import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { filesWith, tracesOf, wholeDatabase } from "../lab/traces.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Each holds a mark that survives JSON and addresses, so that also a part of it is found. */
const TOKEN = 'tok "a91f27c4d08e" \\ ü+/end';
const KEY = "-----BEGIN LAB KEY-----\nMb53ce8d1f60a7MbQ9\nMc77e0b2a94d15McQ9\n-----END LAB KEY-----";
const SHARED = "shared-d4c81e96f2";
const HOOK = "hook-e7a0935bd1";
const MARKS = ["a91f27c4d08e", "Mb53ce8d1f60a7", "Mc77e0b2a94d15", SHARED, HOOK];
const traces = tracesOf(MARKS, [TOKEN, KEY, SHARED]);

/** Says what it knows in every way an application may. */
const LEAKY = `
import { createServer } from "node:http";
const { API_TOKEN, SIGNING_KEY, SHARED, MODE, PORT } = process.env;
const all = { API_TOKEN, SIGNING_KEY, SHARED };
console.log("it is", API_TOKEN, "and", SHARED);
console.log(SIGNING_KEY);
console.log(JSON.stringify(all));
console.log(JSON.stringify({ message: JSON.stringify(all) }));
console.log(JSON.stringify(all, null, 2));
for (const value of Object.values(all)) {
  console.log("https://host/?q=" + encodeURIComponent(value) + "&b=" + Buffer.from(value).toString("base64"));
  console.error(new Error("cannot sign in with " + value));
}
if (MODE === "crash") throw new Error("crashed over " + API_TOKEN + " and " + SIGNING_KEY);
createServer((request, response) => {
  // The check of the manifest fails once the release is there to stay, or in front of the eyes of who deploys.
  const good = request.url === "/health" ? MODE !== "sick" : MODE !== "loud" && process.uptime() < 8;
  response.writeHead(good ? 200 : 500, { "x-leak": SHARED }).end(good ? "{}" : JSON.stringify(all));
}).listen(Number(PORT), "127.0.0.1", () => console.log("ready", API_TOKEN));
`;

let lab: Lab;
let hook: Server;
const received: string[] = [];
const env = { LAB_API_TOKEN: TOKEN };

beforeAll(async () => {
  hook = createServer(async (request, response) => {
    received.push(await text(request));
    response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((done) => hook.once("listening", done));
  lab = await openLab();
  const { port } = hook.address() as AddressInfo;
  lab.write("leaky.mjs", LEAKY);
  lab.write(".env", `LAB_SIGNING_KEY="${KEY}"\nLAB_SHARED=${SHARED}\nLAB_HOOK=http://127.0.0.1:${port}/${HOOK}\n`);
  manifest("ok");
});
afterAll(async () => {
  await lab.close();
  hook.close();
});

function manifest(mode: string): void {
  const secrets = { API_TOKEN: "${secret:LAB_API_TOKEN}", SIGNING_KEY: "${secret:LAB_SIGNING_KEY}" };
  lab.manifest({
    services: { app: service({ start: ["${NODE}", "leaky.mjs"], env: { ...secrets, MODE: mode }, startup: "3s" }) },
    manifest: {
      environments: {
        local: { platform: "local", strategy: { bake: "500ms" }, env: { SHARED: "${secret:LAB_SHARED}" } },
      },
      checks: { leak: { service: "app", every: "1s", url: "${service:app}/leak?key=${secret:LAB_SHARED}" } },
      notify: { ops: { kind: "webhook", url: "${secret:LAB_HOOK}" } },
    },
  });
}

async function quiet(args: string[]): Promise<string> {
  const { stdout, stderr } = await lab.run(args, { env });
  expect(traces(stdout + stderr), args.join(" ")).toEqual([]);
  return stdout + stderr;
}

const READS = [
  ["logs", "app"],
  ["status"],
  ["releases"],
  ["checks"],
  ["incidents", "--all"],
  ["audit", "list"],
  ["doctor"],
  ["deploy", "local", "--plan"],
];

async function readAll(): Promise<void> {
  for (const args of READS) await Promise.all([[], ["--json"]].map((more) => quiet([...args, ...more, "--verbose"])));
  expect(await quiet(["logs", "app"])).toContain("it is ••• and •••");
}

/** Deploys what works, what ends with an error and what answers with one. */
async function deployAll({ isWatched }: { isWatched: boolean }): Promise<void> {
  for (const [mode, code] of [
    ["ok", "serves local"],
    ["crash", "SM-UNIT-DIED"],
    ["sick", "SM-UNIT-UNHEALTHY"],
    // Of what the watch knows to be down already no release is to blame.
    ...(isWatched ? [] : [["loud", "SM-POST-CHECK"] as const]),
  ] as const) {
    manifest(mode);
    expect(await quiet(["deploy", "local", "--yes", "--release", `${mode}-${Date.now()}`, "--verbose"])).toContain(
      code,
    );
    if (mode !== "ok") expect(await quiet(["deploy", "local", "--yes", "--json"])).toContain(code);
  }
  manifest("ok");
}

/** What services print is on disk as they printed it, for their owner only; nothing else may hold a secret. */
async function expectNothingStored(): Promise<void> {
  const holding = filesWith(traces, lab.state);
  expect(holding.filter((file) => !/^logs\/app\/[^/]+\.log$/.test(file))).toEqual([]);
  expect(holding).not.toEqual([]);
  const rows = await wholeDatabase(lab.env.DATABASE_URL);
  expect(rows).toContain("SM-UNIT-DIED");
  expect(traces(rows)).toEqual([]);
}

describe("secrets of an application that says them all", () => {
  test("without a daemon: in no output, no file and no row", async () => {
    await deployAll({ isWatched: false });
    await readAll();
    await expectNothingStored();
  });

  test("with a daemon: nor in any answer, stream or message", async () => {
    await quiet(["up", "--detach", "--port", "0"]);
    await deployAll({ isWatched: true });
    const { url } = JSON.parse(readFileSync(join(lab.state, "daemon.json"), "utf8")) as { url: string };
    const answers: string[] = [];
    const ask = async (path: string, init: RequestInit = {}) => {
      const answer = await (await fetch(url + path, { signal: AbortSignal.timeout(20_000), ...init })).text();
      expect(traces(answer), path).toEqual([]);
      answers.push(answer);
      return answer;
    };
    const listen = async (path: string) => {
      const response = await fetch(url + path);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let said = "";
      const end = setTimeout(() => void reader?.cancel(), 3_000);
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) said += part.value;
      clearTimeout(end);
      expect(traces(said), path).toEqual([]);
      return said;
    };
    await until("a message", () => received.length > 0, 120_000);
    for (const path of ["status", "checks", "releases", "audit", "doctor", "services/app/logs"])
      await ask(`/api/${path}`);
    for (const part of ["rollouts", "incidents?state=all"]) {
      const list = JSON.parse(await ask(`/api/${part}`)) as Record<string, { id: string }[]>;
      const items = Object.values(list).flat();
      expect(items).not.toEqual([]);
      for (const { id } of items) await ask(`/api/${part.split("?")[0]}/${id}`);
    }
    await ask("/metrics");
    expect(answers.join()).toContain("cannot sign in with •••");
    const [lines] = await Promise.all([listen("/api/services/app/logs?follow=true&lines=100"), listen("/api/events")]);
    expect(lines).toContain("it is ••• and •••");

    manifest("${secret:LAB_ABSENT}");
    const post = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    expect(await ask("/api/deploy", post)).toContain("the secret LAB_ABSENT is not set");
    manifest("ok");
    await readAll();
    expect(traces(received.join())).toEqual([]);
    await expectNothingStored();
    await quiet(["down"]);
  });
});
