import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { findProgram } from "../labs/missing.ts";

const GUIDE = readFileSync(new URL("../../docs/guide/notifications.md", import.meta.url), "utf8");
const absent = ["bash", "curl", "jq", "date"].filter((program) => !findProgram(program));
if (absent.length > 0) console.log(`skipped: the workflow of the guide (not installed: ${absent.join(", ")})`);

let server: Server;
let body = "";
let status = 200;
beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

/** The exit code of the script that the guide's workflow runs, as GitHub starts it. */
async function look(): Promise<number> {
  const text =
    GUIDE.split("```yaml\n")
      .find((block) => block.includes("jobs:"))
      ?.split("```")[0] ?? "";
  const { env, steps } = parse(text).jobs["last-beat"];
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", steps[0].run], {
    env: {
      ...process.env,
      LONGEST_S: String(env.LONGEST_S),
      STATUS: `http://127.0.0.1:${(server.address() as AddressInfo).port}/status.json`,
    },
    stdio: "ignore",
  });
  const [code] = await once(child, "exit");
  return code;
}

test.skipIf(absent.length > 0)("the workflow of the guide passes while the page is young, and fails else", async () => {
  const made = (ageMs: number) => JSON.stringify({ generatedAt: new Date(Date.now() - ageMs).toISOString() });
  body = made(60_000);
  expect(await look()).toBe(0);
  body = made(3_600_000);
  expect(await look()).not.toBe(0);
  body = "{}";
  expect(await look()).not.toBe(0);
  body = made(0);
  status = 404;
  expect(await look()).not.toBe(0);
});
