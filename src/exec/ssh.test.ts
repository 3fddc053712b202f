import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { missingSshd, type Sshd, startSshd } from "../../test/labs/sshd.ts";
import type { Host } from "./host.ts";
import { openHost } from "./open-host.ts";
import { allByEnvironment } from "./process.ts";

const missing = missingSshd();
if (missing) console.log(`skipped: SSH hosts, because this machine lacks ${missing}`);

const folder = mkdtempSync(join(tmpdir(), "sm-ssh-"));
const configFile = join(folder, "config");
const controlDir = join(folder, "c");
let sshd: Sshd | undefined;
const hosts: [string, Host][] = [["local", openHost("local", { controlDir })]];
if (!missing) hosts.push(["ssh", openHost("h1", { controlDir, configFile })]);
const node = (code: string, ...args: string[]) => [process.execPath, "-e", code, ...args];

beforeAll(async () => {
  if (missing) return;
  sshd = await startSshd({ folder, name: "h1", address: "127.0.0.1" });
  writeFileSync(configFile, sshd.configBlock);
});
afterAll(async () => {
  for (const [, host] of hosts) await host.close();
  await sshd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(hosts)("a host (%s)", (kind, host) => {
  test("answers output and exit code, also 255, and takes arguments as they are", async () => {
    const odd = ["a b", "", "-n", "'\"\\\n$(id)", "𝄞"];
    const code = "console.log(JSON.stringify(process.argv.slice(1))); console.error('e\\n'); process.exitCode = 255";
    const result = await host.run(node(code, ...odd), { deadlineMs: 30_000 });
    expect(result).toEqual({ code: 255, stdout: `${JSON.stringify(odd)}\n`, stderr: "e\n\n" });
  });

  test("tells output while the program runs, without marks", async () => {
    let heard = "";
    const code = "process.stderr.write('\\x1e'); console.error('one'); console.log('two')";
    await host.run(node(code), { deadlineMs: 30_000, onOutput: (piece) => (heard += piece) });
    expect(heard.length).toBe("\x1eone\ntwo\n".length);
  });

  test("feeds standard input: bytes, and streams of any length", async () => {
    const bytes = randomBytes(3_000_000);
    const sum = ["sha256sum"];
    const first = await host.run(sum, { deadlineMs: 30_000, stdin: bytes });
    const stream = Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)]);
    expect(await host.run(sum, { deadlineMs: 30_000, stdin: stream })).toEqual(first);
    expect(await host.run(["true"], { deadlineMs: 30_000, stdin: bytes })).toMatchObject({ code: 0 });
    expect(await host.run(["cat"], { deadlineMs: 30_000 })).toMatchObject({ stdout: "" });
  });

  test("a source that fails is a failure, not the end of the input", async () => {
    const source = new Readable({ read() {} });
    source.push("half");
    const run = host.run(["cat"], { deadlineMs: 30_000, stdin: source });
    source.destroy(new Error("torn"));
    await expect(run).rejects.toThrow("torn");
  });

  test("a program that is not there ends with 127", async () => {
    expect(await host.run(["/no/such/program"], { deadlineMs: 30_000 })).toMatchObject({ code: 127 });
  });

  test.each(["deadline", "abort"])("ends the program and its children there at the %s", async (how) => {
    const mark = `${kind}-${how}-${process.pid}`;
    const abort = new AbortController();
    const argv = ["env", `MARK=${mark}`, "sh", "-c", "sleep 600 & sleep 600"];
    const run = host.run(argv, { deadlineMs: how === "deadline" ? 6_000 : 60_000, signal: abort.signal });
    run.catch(() => {});
    await until("the program", async () => (await allByEnvironment("MARK", mark)).length >= 2);
    if (how === "abort") abort.abort(new Error("enough"));
    await expect(run).rejects.toThrow(how === "abort" ? "enough" : "did not end within 6 s");
    await until("its end", async () => (await allByEnvironment("MARK", mark)).length === 0);
  });

  test("talks to a program line by line and hears how it ends", async () => {
    const code =
      "process.stdin.on('data', (d) => process.stdout.write('got ' + d)).on('end', () => { console.error('bye'); process.exitCode = 4 })";
    const program = await host.open(node(code));
    const lines: string[] = [];
    program.write("one\ntwo");
    await until("the program", () => {
      program.onLine((line) => lines.push(line));
      return lines.length > 0;
    });
    program.write("\u2028\n");
    program.end();
    expect(await program.exited).toEqual({ code: 4, stderr: "bye\n" });
    expect(lines.join("\n")).toContain("got one");
    expect(lines.at(-1)).toContain("\u2028");
  });

  test("ends a program that is talked to", async () => {
    const mark = `${kind}-open-${process.pid}`;
    const program = await host.open(["env", `MARK=${mark}`, "sh", "-c", "sleep 600 & sleep 600"]);
    await until("the program", async () => (await allByEnvironment("MARK", mark)).length >= 2);
    program.kill();
    expect((await program.exited).code).toBe(null);
    await until("its end", async () => (await allByEnvironment("MARK", mark)).length === 0);
  });

  test("replaces files as a whole", async () => {
    const place = join(folder, `${kind} files`, "a b", "-f");
    await host.write(place, "first", { deadlineMs: 30_000 });
    expect(statSync(place).mode & 0o777).toBe(0o600);
    const bytes = randomBytes(500_000);
    await host.write(place, bytes, { deadlineMs: 30_000, mode: 0o755 });
    expect(readFileSync(place).equals(bytes)).toBe(true);
    expect(statSync(place).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(place, ".."))).toEqual(["-f"]);
    const inFile = host.write(join(place, "x"), "", { deadlineMs: 30_000 });
    await expect(inFile).rejects.toMatchObject({ code: "SM-HOST-WRITE", message: expect.stringContaining(place) });
  });

  test("leads to ports and sockets there, and keeps the way", async () => {
    const server = await listen({ host: "127.0.0.1", port: 0 });
    const path = join(folder, `${kind}.sock`);
    const other = await listen({ path });
    try {
      const there = Number((server.address() as { port: number }).port);
      const [port, same] = await Promise.all([host.forwardPort(there), host.forwardPort(there)]);
      expect(same).toBe(port);
      expect(await hear({ host: "127.0.0.1", port })).toBe("hello");
      const socket = await host.forwardSocket(path);
      expect(await hear({ path: socket })).toBe("hello");
      expect(await host.forwardSocket(path)).toBe(socket);
    } finally {
      server.close();
      other.close();
    }
  });

  test("many at once", async () => {
    const runs = Array.from({ length: 14 }, (_, i) =>
      host.run(["sh", "-c", "sleep 1; echo $0", String(i)], { deadlineMs: 50_000 }),
    );
    const said = (await Promise.all(runs)).map(({ code, stdout, stderr }) => `${code} ${stdout.trim()}${stderr}`);
    expect(said).toEqual(runs.map((_, i) => `0 ${i}`));
  });
});

test.skipIf(missing)("a jump that the user's configuration asks for, and its end", async () => {
  const jumping = join(folder, "jumping");
  const direct = readFileSync(configFile, "utf8");
  writeFileSync(jumping, `${direct}\nHost inner\n  ProxyJump h1\n${direct.replace(/^Host .*\n/, "")}`);
  const host = openHost("inner", { controlDir, configFile: jumping });
  expect(await host.run(["echo", "hi"], { deadlineMs: 30_000 })).toMatchObject({ code: 0, stdout: "hi\n" });
  expect(processesOf(jumping).some(({ command }) => command.includes(" -W "))).toBe(true);
  await host.close();
  await until("the end of all of it", () => processesOf(jumping).length === 0);
});

test.skipIf(missing)("a long folder for sockets, and a name that is an option", async () => {
  vi.stubEnv("TMPDIR", folder);
  const host = openHost("h1", { controlDir: join(folder, `%h ${"x".repeat(100)}`), configFile });
  expect(await host.run(["echo", "hi"], { deadlineMs: 30_000 })).toMatchObject({ code: 0, stdout: "hi\n" });
  await host.close();
  vi.unstubAllEnvs();
  expect(() => openHost("-oProxyCommand=id", { controlDir })).toThrow(/no name of a host/);
});

function listen(where: { host: string; port: number } | { path: string }): Promise<Server> {
  const server = createServer((socket) => void socket.on("error", () => {}).end("hello"));
  return new Promise((done, fail) => server.once("error", fail).listen(where, () => done(server)));
}

async function hear(where: { host: string; port: number } | { path: string }): Promise<string> {
  return await text(connect(where));
}
