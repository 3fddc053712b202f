import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../../test/lab/until.ts";
import { findProgram } from "../../../test/labs/missing.ts";
import { freePort } from "../../platforms/local/ports.ts";
import { get, run, spec } from "./testing.ts";

const program = findProgram("haproxy");
if (!program) console.warn("checks through a proxy are not tested: haproxy is not installed");

const HANGS_MS = 300;
let folder: string;
let proxy: ChildProcess;
let port: number;
const target = createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", (request) => {
    const path = String(request).split(" ")[1];
    if (path === "/hang") return;
    if (path === "/gone") return void socket.destroy();
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nwell");
  });
});

/** What an operator says on the socket of the proxy. */
async function say(command: string): Promise<void> {
  const socket = connect(join(folder, "admin.sock"));
  socket.end(`${command}\n`);
  socket.resume();
  await once(socket, "close");
}

const ask = (path = "", timeoutMs?: number) => get(`http://127.0.0.1:${port}/${path}`, {}, timeoutMs);

describe.skipIf(!program)("a target behind HAProxy", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sm-haproxy-"));
    port = await freePort(new Set());
    target.listen(0, "127.0.0.1");
    await once(target, "listening");
    const { port: behind } = target.address() as { port: number };
    const file = join(folder, "haproxy.cfg");
    writeFileSync(
      file,
      [
        ...["global", "  nbthread 1", `  stats socket ${join(folder, "admin.sock")} level admin`],
        ...["defaults", "  mode http", "  retries 0"],
        ...["  timeout connect 1s", "  timeout client 60s", `  timeout server ${HANGS_MS}ms`],
        ...["frontend front", `  bind 127.0.0.1:${port}`, "  default_backend back"],
        ...["  http-request reject if { path /reject }", "  http-request silent-drop if { path /drop }"],
        ...["backend back", `  server one 127.0.0.1:${behind}`, ""],
      ].join("\n"),
    );
    proxy = spawn(program ?? "", ["-db", "-f", file], { stdio: ["ignore", "ignore", "ignore"] });
    await until("the proxy", async () => (await ask()).outcome === "ok");
  }, 30_000);
  afterAll(async () => {
    proxy.kill("SIGKILL");
    await once(proxy, "exit");
    target.close();
    rmSync(folder, { recursive: true });
  });

  test.each(["maint", "drain"])(
    "in %s is an outage until it is ready again, though the port takes connections",
    async (state) => {
      await say(`set server back/one state ${state}`);
      expect(await ask()).toMatchObject({ outcome: "fail", class: "http-5xx", detail: "answered 503, expected 2xx" });
      expect(await run(spec("tcp", { tcp: `127.0.0.1:${port}` }))).toMatchObject({ outcome: "ok" });
      await say("set server back/one state ready");
      expect(await ask()).toMatchObject({ outcome: "ok" });
    },
  );

  test.each([
    ["that hangs up", "gone", "http-5xx", "answered 502, expected 2xx"],
    ["that hangs", "hang", "http-5xx", "answered 504, expected 2xx"],
    ["whose proxy hangs up", "reject", "reset", expect.any(String)],
    ["whose proxy drops the connection without a word", "drop", "read-timeout", "no answer within 600 ms"],
  ])("%s", async (_what, path, name, detail) => {
    expect(await ask(path, 2 * HANGS_MS)).toMatchObject({
      ...{ outcome: "fail", class: name, family: "availability", detail },
    });
  });
});
