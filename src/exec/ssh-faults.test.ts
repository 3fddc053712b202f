import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kill, processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { missingSshd, type Sshd, startSshd } from "../../test/labs/sshd.ts";
import type { Host } from "./host.ts";
import { allByEnvironment } from "./process.ts";
import { createSshHost } from "./ssh.ts";

const missing = missingSshd();
if (missing) console.log(`skipped: faults of SSH, because this machine lacks ${missing}`);

const folder = mkdtempSync(join(tmpdir(), "sm-faults-"));
const controlDir = join(folder, "c");
const file = (name: string) => join(folder, name);
const sshds: Sshd[] = [];
const hosts: Host[] = [];

/** A host of its own connection, by the lines of ssh_config that differ from the good ones. */
function host(...lines: string[]): Host {
  const configFile = file(`config-${hosts.length}`);
  const keys = lines.map((line) => line.split(" ")[0]);
  const good = sshds[0]?.configBlock.trimEnd().split("\n") ?? [];
  const kept = good.filter((line) => !keys.includes(line.trim().split(" ")[0]));
  writeFileSync(configFile, [...kept, ...lines, ""].join("\n"));
  const made = createSshHost({ name: "h1", controlDir, configFile });
  hosts.push(made);
  return made;
}

async function start(name: string, settings: Record<string, string> = {}): Promise<Sshd> {
  const sshd = await startSshd({ folder, name, address: "127.0.0.1", settings });
  sshds.push(sshd);
  return sshd;
}

const port = (sshd: Sshd | undefined) => `Port ${sshd?.port}`;

describe.skipIf(missing)("SSH", () => {
  beforeAll(async () => {
    await start("h1");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file("stranger")]);
    writeFileSync(file("nobody"), "");
  });
  afterAll(async () => {
    for (const made of hosts) await made.close();
    for (const sshd of sshds) await sshd.stop();
    expect(processesOf(folder)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  test("nobody listens, or no such name", async () => {
    await refused(host("Port 1"), "SM-SSH-UNREACHABLE", /h1 cannot be reached: .*refused/);
    await refused(host("HostName no-such-host.invalid"), "SM-SSH-NAME", /no-such-host.invalid/);
  });

  test("a key that is not let in", async () => {
    await refused(host(`IdentityFile ${file("stranger")}`, "IdentityAgent none"), "SM-SSH-DENIED", /Permission denied/);
  });

  test("a host key that changed, or is not known", async () => {
    const other = await start("other");
    execFileSync("sh", [
      "-c",
      'sed "s/:[0-9]*/:$1/" "$2" >"$3"',
      "sh",
      String(other.port),
      file("h1/known_hosts"),
      file("changed"),
    ]);
    await refused(host(port(other), `UserKnownHostsFile ${file("changed")}`), "SM-SSH-HOST-KEY", /another host key/);
    await refused(host(`UserKnownHostsFile ${file("nobody")}`), "SM-SSH-HOST-UNKNOWN", /not known/);
    await refused(
      host(`UserKnownHostsFile ${file("nobody")}`, "StrictHostKeyChecking ask"),
      "SM-SSH-HOST-UNKNOWN",
      /not known/,
    );
  });

  test("a configuration that ssh does not take, and an account without a shell", async () => {
    await refused(host("Nonsense yes"), "SM-SSH-CONFIG", /config/);
    const shut = await start("shut", { ForceCommand: "/bin/false" });
    const known = `UserKnownHostsFile ${file("shut/known_hosts")}`;
    await refused(host(port(shut), known, `IdentityFile ${file("shut/user_key")}`), "SM-SSH-SHELL", /runs no commands/);
  });

  test("a host that swallows every byte, from the beginning or midway", async () => {
    const silent = await proxy(sshds[0]);
    silent.swallow();
    const began = performance.now();
    const deaf = host(`Port ${silent.port}`, "HostKeyAlias h1", `UserKnownHostsFile ${aliased()}`);
    await expect(deaf.run(["true"], { deadlineMs: 1_500 })).rejects.toMatchObject({ code: "SM-SSH-UNREACHABLE" });
    expect(performance.now() - began).toBeLessThan(8_000);
    // Who asks next does not wait for the same silence again, and is let in soon after it has ended.
    const ask = () => deaf.run(["true"], { deadlineMs: 40_000 });
    await expect(ask()).rejects.toMatchObject({ code: "SM-SSH-UNREACHABLE" });
    const again = performance.now();
    await expect(ask()).rejects.toMatchObject({ code: "SM-SSH-UNREACHABLE" });
    expect(performance.now() - again).toBeLessThan(4_000);
    silent.swallow(Number.POSITIVE_INFINITY);
    await until("the host", async () => (await ask().catch(() => undefined))?.code === 0, 30_000);
    silent.close();

    const open = await proxy(sshds[0]);
    const later = host(`Port ${open.port}`, "HostKeyAlias h1", `UserKnownHostsFile ${aliased()}`);
    expect(await later.run(["echo", "hi"], { deadlineMs: 30_000 })).toMatchObject({ code: 0 });
    open.swallow();
    const error = { code: "SM-SSH-DEADLINE", message: "h1: true did not end within 1 s" };
    await expect(later.run(["true"], { deadlineMs: 1_000 })).rejects.toMatchObject(error);
    open.close();
  });

  test("a stopped sshd ends a call at its deadline, and is used again when it goes on", async () => {
    const slow = await start("slow");
    const there = other(slow);
    await there.run(["true"], { deadlineMs: 30_000 });
    const pids = slow.pids();
    for (const pid of pids) kill(pid, "SIGSTOP");
    const abort = new AbortController();
    const waiting = there.run(["true"], { deadlineMs: 60_000, signal: abort.signal });
    const failed = expect(waiting).rejects.toThrow("enough");
    await expect(there.run(["true"], { deadlineMs: 1_000 })).rejects.toMatchObject({ code: "SM-SSH-DEADLINE" });
    abort.abort(new Error("enough"));
    await failed;
    for (const pid of pids) kill(pid, "SIGCONT");
    expect(await there.run(["true"], { deadlineMs: 30_000 })).toMatchObject({ code: 0 });
  });

  test("a connection lost midway is no exit code; the next call connects anew, to the same port", async () => {
    const frail = await start("frail");
    const there = other(frail);
    const server = await answer("hello");
    const forwarded = await there.forwardPort(server.port);
    const mark = `lost-${process.pid}`;
    const run = there.run(["env", `MARK=${mark}`, "sleep", "600"], { deadlineMs: 60_000 });
    const talk = await there.open(["cat"]);
    const talking = new Promise<string>((said) => talk.onLine(said));
    talk.write("there\n");
    const lost = expect(run).rejects.toMatchObject({ code: "SM-SSH-LOST", message: expect.stringContaining("h1: ") });
    await until("the program", async () => (await allByEnvironment("MARK", mark)).length === 1);
    // Till then ssh would make a connection of its own for it.
    expect(await talking).toBe("there");
    const [listener] = frail.pids();
    const left = await allByEnvironment("MARK", mark);
    for (const pid of frail.pids()) if (pid !== listener && pid !== left[0]?.pid) kill(pid, "SIGKILL");
    await lost;
    expect((await talk.exited).code).toBe(null);
    for (const { pid } of left) kill(pid, "SIGKILL");
    expect(await there.forwardPort(server.port)).toBe(forwarded);
    expect(await text(connect(forwarded, "127.0.0.1"))).toBe("hello");
    server.close();
  });

  test("a file that came in part does not replace the one that is there", async () => {
    const slow = await start("partial");
    const before = await proxy(slow);
    const there = other(slow, before.port);
    const path = file("target/file");
    await there.write(path, "old", { deadlineMs: 30_000 });
    before.swallow(1_000_000);
    const write = there.write(path, Buffer.alloc(8_000_000), { deadlineMs: 60_000 });
    const failed = expect(write).rejects.toMatchObject({ code: "SM-SSH-LOST" });
    await until("half of it", () =>
      readdirSync(file("target")).some((name) => statSync(file(`target/${name}`)).size > 100_000),
    );
    before.close();
    await failed;
    await until("its end there", () => readdirSync(file("target")).length === 1);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  test("close ends the connection's process and leaves no socket", async () => {
    const made = host();
    await made.run(["true"], { deadlineMs: 30_000 });
    await made.forwardSocket("/run/no.sock");
    const before = readdirSync(controlDir);
    await made.close();
    expect(existsSync(controlDir)).toBe(true);
    expect(before.length - readdirSync(controlDir).length).toBe(2);
    const stranger = createSshHost({ name: "h1", controlDir: file("open"), configFile: file("config-0") });
    execFileSync("mkdir", ["-m", "777", file("open")]);
    await expect(stranger.run(["true"], { deadlineMs: 30_000 })).rejects.toMatchObject({ code: "SM-SSH-CONTROL-DIR" });
  });
});

async function refused(there: Host, code: string, message: RegExp): Promise<void> {
  const expected = { code, message: expect.stringMatching(message), next: expect.any(String) };
  await expect(there.run(["true"], { deadlineMs: 40_000 })).rejects.toMatchObject(expected);
  await expect(there.open(["true"])).rejects.toMatchObject({ code });
}

/** A host that is another sshd of ours. */
function other(sshd: Sshd, at = sshd.port): Host {
  const configFile = file(`config-${sshd.name}`);
  const alias = `Host h1\n  HostKeyAlias h1\n  UserKnownHostsFile ${aliased(sshd.name)}\n  Port ${at}`;
  writeFileSync(configFile, sshd.configBlock.replace(/^Host .*/, alias));
  const made = createSshHost({ name: "h1", controlDir, configFile });
  hosts.push(made);
  return made;
}

/** The host's key under a name instead of an address. */
function aliased(name = "h1"): string {
  execFileSync("sh", [
    "-c",
    'sed "s/^[^ ]*/h1/" "$1" >"$2"',
    "sh",
    file(`${name}/known_hosts`),
    file(`aliased-${name}`),
  ]);
  return file(`aliased-${name}`);
}

/** Stands before an sshd, and can stop to pass anything on without a word. */
async function proxy(sshd: Sshd | undefined) {
  const sockets = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  const pass = (bytes: number) => {
    left -= bytes;
    return left > 0;
  };
  const server = createServer((client) => {
    const there = connect(sshd?.port ?? 0, "127.0.0.1");
    for (const [from, to] of [
      [client, there],
      [there, client],
    ] as const) {
      sockets.add(from);
      from
        .on("error", () => {})
        .on("data", (piece) => pass(piece.length) && to.write(piece))
        .on("close", () => left > 0 && to.destroy());
    }
  });
  const at = await listening(server);
  return {
    port: at,
    /** From now on, after so many bytes more. */
    swallow: (bytes = 0) => {
      left = bytes;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function answer(word: string) {
  const server = createServer((socket) => void socket.on("error", () => {}).end(word));
  return { port: await listening(server), close: () => server.close() };
}

function listening(server: Server): Promise<number> {
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done((server.address() as { port: number }).port));
  });
}
