import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kill, processesOf } from "../../../test/lab/processes.ts";
import { until } from "../../../test/lab/until.ts";
import { missingSshd, type Sshd, startSshd } from "../../../test/labs/sshd.ts";
import { openHost } from "../../exec/open-host.ts";
import { createGate } from "./gate.ts";

const lacks = process.platform !== "linux" || !existsSync("/usr/bin/flock") ? "flock" : undefined;
if (lacks) console.log(`skipped: the gate, because this machine lacks ${lacks}`);
const noSshd = missingSshd();
if (noSshd) console.log(`skipped: the gate over SSH, because this machine lacks ${noSshd}`);

const root = mkdtempSync(join(tmpdir(), "sm-gate-"));
const configFile = join(root, "config");
const controlDir = join(root, "c");
const never = new AbortController().signal;
/** Seconds instead of half minutes; what a slow machine delays stays far below. */
const times = { ttlMs: 4_000, pingMs: 500, giveUpMs: 3_000, waitMs: 20_000 };
let sshd: Sshd | undefined;
const kinds: [string, string][] = [["local", "local"]];
if (!noSshd) kinds.push(["ssh", "h1"]);
const hosts = new Map(kinds.map(([kind, name]) => [kind, openHost(name, { controlDir, configFile })]));
const children: ChildProcess[] = [];

afterAll(async () => {
  await sshd?.stop();
  // A hold ends by itself when its controller is gone.
  await until("the end of all", () => processesOf(root).length === 0);
  rmSync(root, { recursive: true, force: true });
});

describe.skipIf(lacks).each(kinds)("the gate of a host (%s)", (kind, name) => {
  const host = hosts.get(kind) ?? openHost("local", { controlDir });
  const folder = join(root, kind);
  const gate = (holder: string) => createGate({ host, folder, holder, times });
  const run = { deadlineMs: 30_000 };

  beforeAll(async () => {
    if (kind !== "ssh" || sshd) return;
    sshd = await startSshd({ folder: root, name: "h1", address: "127.0.0.1" });
    writeFileSync(configFile, sshd.configBlock);
  });
  afterAll(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await host.close();
  });

  test.concurrent("one controller at a time, generations only rise, and a holder may re-take its own", async () => {
    const [a, b] = [gate("a"), gate("b")];
    const untouched = createGate({ host, folder: `${folder}-0` });
    expect([await a.generation("one-prod"), await untouched.generation("one-prod")]).toEqual([0, 0]);
    expect(existsSync(`${folder}-0`)).toBe(false);
    await expect(a.run("one-prod", 1, ["true"], run)).rejects.toMatchObject({ code: "SM-GATE-REFUSED" });
    const held = await a.hold("one-prod", 3, never);
    expect(await b.generation("one-prod")).toBe(3);
    const inTheWay = { code: "SM-GATE-HELD", message: expect.stringContaining("(a@"), exitCode: 3 };
    await expect(b.hold("one-prod", 4, never)).rejects.toMatchObject(inTheWay);
    const again = a.hold("one-prod", 3, never);
    await held.release();
    expect(held.signal.aborted).toBe(false);
    await (await again).release();
    await expect(b.hold("one-prod", 3, never)).rejects.toMatchObject({
      code: "SM-GATE-REFUSED",
      message: expect.stringMatching(/3 a@\w+$/),
    });
    await expect(a.hold("one-prod", 2, never)).rejects.toMatchObject({ code: "SM-GATE-REFUSED" });
    const own = await b.hold("one-prod", 4, never);
    const shared = createGate({ host: { ...host, name: "h9" }, folder, holder: "b", times });
    await expect(shared.hold("one-prod", 4, never)).rejects.toMatchObject({ code: "SM-GATE-SHARED", exitCode: 2 });
    expect(own.signal.aborted).toBe(false);
    await own.release();
    await expect(a.run("one-prod", 3, ["true"], run)).rejects.toMatchObject({ code: "SM-GATE-REFUSED", exitCode: 3 });
    expect(await b.run("one-prod", 4, ["true"], run)).toMatchObject({ code: 0 });
    const files = readdirSync(join(folder, "gate")).filter((file) => file.startsWith("one"));
    expect(files.sort()).toEqual(["one-prod.generation", "one-prod.hold", "one-prod.run"]);
  });

  test.concurrent("a holder that comes again ends what it left there, such as after a lost connection", async () => {
    const a = gate("a");
    const left = await a.hold("again-prod", 1, never);
    const held = await a.hold("again-prod", 2, never);
    await until("the end of the one before", () => left.signal.aborted);
    expect(held.signal.aborted).toBe(false);
    await expect(gate("b").hold("again-prod", 3, never)).rejects.toMatchObject({ code: "SM-GATE-HELD" });
    await held.release();
  });

  test.concurrent("the name that an earlier hold left behind ends nobody while another one comes", async () => {
    const a = gate("a");
    await (await a.hold("stale-prod", 1, never)).release();
    const bystander = spawn("sleep", ["60"]);
    const file = join(folder, "gate/stale-prod.hold");
    writeFileSync(file, `a@${name} ${bystander.pid}\n`);
    const script = 'exec 9>>"$0"; flock 9; echo locked; sleep 1; echo "b 1" >"$0"; exec sleep 60';
    const other = spawn("sh", ["-c", script, file]);
    children.push(bystander, other);
    await once(other.stdout, "data");
    await expect(a.hold("stale-prod", 2, never)).rejects.toMatchObject({
      code: "SM-GATE-HELD",
      message: expect.stringContaining("(b)"),
    });
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
  });

  test.concurrent("a program has its input, output and exit code, also 75", async () => {
    const a = gate("a");
    const held = await a.hold("two-prod", 1, never);
    let heard = "";
    const argv = ["sh", "-c", "cat; echo err >&2; exit 75"];
    const stdin = Readable.from(["secret ", "text"]);
    const result = await a.run("two-prod", 1, argv, { ...run, stdin, onOutput: (text) => (heard += text) });
    expect(result).toEqual({ code: 75, stdout: "secret text", stderr: "err\n" });
    expect(heard).toContain("secret text");
    await held.release();
  });

  test.concurrent("pings keep it for longer than its time", async () => {
    const held = await gate("a").hold("three-prod", 1, never);
    for (const end = performance.now() + times.ttlMs + 2_000; performance.now() < end; await delay(500)) {
      await expect(gate("b").hold("three-prod", 2, never)).rejects.toMatchObject({ code: "SM-GATE-HELD" });
    }
    expect(held.signal.aborted).toBe(false);
    await held.release();
  });

  test.concurrent("a takeover waits for the older command, and then none runs any more", async () => {
    const [a, b] = [gate("a"), gate("b")];
    const log = join(root, `${kind}-log`);
    const say = (word: string) => ["sh", "-c", 'echo "$1" >>"$0"', log, word];
    const held = await a.hold("four-prod", 1, never);
    const slow = a.run("four-prod", 1, ["sh", "-c", 'echo begun >>"$0"; sleep 3; echo ended >>"$0"', log], run);
    await until("the command", () => existsSync(log));
    await held.release();
    const taken = await b.hold("four-prod", 2, never);
    await b.run("four-prod", 2, say("new"), run);
    await expect(a.run("four-prod", 1, say("old"), run)).rejects.toMatchObject({ code: "SM-GATE-REFUSED" });
    expect(await slow).toMatchObject({ code: 0 });
    expect(readFileSync(log, "utf8")).toBe("begun\nended\nnew\n");
    await taken.release();
  });

  test.concurrent("it does not wait for ever, nor after an abort, nor for a daemon that a program left", async () => {
    const [a, b] = [gate("a"), createGate({ host, folder, holder: "b", times: { ...times, waitMs: 2_000 } })];
    const held = await a.hold("five-prod", 1, never);
    const daemon = await a.run("five-prod", 1, ["sh", "-c", "sleep 60 </dev/null >/dev/null 2>&1 & echo $!"], run);
    const abort = new AbortController();
    const begun = Promise.withResolvers<void>();
    const slow = a.run("five-prod", 1, ["sh", "-c", "echo begun; exec sleep 600"], {
      deadlineMs: 60_000,
      signal: abort.signal,
      onOutput: () => begun.resolve(),
    });
    const slowEnds = expect(slow).rejects.toThrow("enough");
    await begun.promise;
    await held.release();
    await expect(b.hold("five-prod", 2, never)).rejects.toMatchObject({ code: "SM-GATE-BUSY" });
    await expect(gate("c").hold("five-prod", 2, AbortSignal.timeout(1_000))).rejects.toThrow(/timeout/);
    abort.abort(new Error("enough"));
    await slowEnds;
    await (await b.hold("five-prod", 2, never)).release();
    kill(Number(daemon.stdout), "SIGKILL");
  });

  test.concurrent.each(["SIGKILL", "SIGSTOP"] as const)(
    "a controller with %s is let go, and refused when it wakes up",
    async (signal) => {
      const key = `${signal.toLowerCase()}-prod`;
      const old = controller({ name, folder, key });
      await until("its gate", () => old.said().includes("held"));
      await expect(gate("b").hold(key, 8, never)).rejects.toMatchObject({ code: "SM-GATE-HELD" });
      old.child.kill(signal);
      const held = await until("the takeover", () => gate("b").hold(key, 8, never));
      if (signal === "SIGSTOP") {
        old.child.kill("SIGCONT");
        await until("its refusal", () => old.said().includes("refused SM-GATE-REFUSED"));
        await until("its loss", () => old.said().includes("lost SM-GATE-LOST"));
      }
      expect(await gate("b").run(key, 8, ["true"], run)).toMatchObject({ code: 0 });
      expect(held.signal.aborted).toBe(false);
      await held.release();
    },
  );
});

describe.skipIf(lacks ?? noSshd)("the gate over a connection that goes bad", () => {
  let own: Sshd;
  const hostOf = (name: string) => openHost(name, { controlDir, configFile: join(root, `config-${name}`) });
  beforeAll(async () => {
    own = await startSshd({ folder: root, name: "h2", address: "127.0.0.1" });
    writeFileSync(join(root, "config-h2"), own.configBlock);
  });
  afterAll(() => own.stop());

  test.each(["the client is killed", "the server is stopped"])(
    "%s: we know that it is lost, and another takes over",
    async (how) => {
      const [mine, others] = [hostOf("h2"), hostOf("h2")];
      const key = `${how.split(" ")[1]}-prod`;
      const held = await createGate({ host: mine, folder: root, holder: "a", times }).hold(key, 1, never);
      const stopped = how === "the client is killed" ? [] : own.pids();
      for (const pid of stopped) kill(pid, "SIGSTOP");
      if (stopped.length === 0)
        for (const { pid, command } of processesOf(root))
          if (command.startsWith("ssh ") && command.includes(` hold `)) kill(pid, "SIGKILL");
      await until("the loss", () => held.signal.aborted);
      expect(held.signal.reason).toMatchObject({ code: "SM-GATE-LOST", message: expect.stringContaining("h2 ") });
      for (const pid of stopped) kill(pid, "SIGCONT");
      const gate = createGate({ host: others, folder: root, holder: "b", times });
      const taken = await until("the takeover", () => gate.hold(key, 2, never));
      await taken.release();
      await mine.close();
      await others.close();
    },
  );
});

/** Another controller: a process that takes generation 7, then does something under it again and again. */
function controller({ name, folder, key }: { name: string; folder: string; key: string }) {
  const code = `
    import { openHost } from ${JSON.stringify(new URL("../../exec/open-host.ts", import.meta.url).href)};
    import { createGate } from ${JSON.stringify(new URL("gate.ts", import.meta.url).href)};
    const [name, folder, key, controlDir, configFile] = process.argv.slice(1);
    const host = openHost(name, { controlDir, configFile });
    const gate = createGate({ host, folder, times: ${JSON.stringify(times)} });
    const held = await gate.hold(key, 7, new AbortController().signal);
    console.log("held");
    held.signal.addEventListener("abort", () => console.log("lost " + held.signal.reason.code));
    setInterval(() => gate.run(key, 7, ["true"], { deadlineMs: 20_000 }).then(
      () => console.log("ran"), (error) => console.log("refused " + error.code)), 300);
  `;
  const argv = ["--input-type=module", "-e", code, name, folder, key, controlDir, configFile];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return { child, said: () => said };
}
