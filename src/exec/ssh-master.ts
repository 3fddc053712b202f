import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstat, mkdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { ExternalError, isAway, UserError } from "../core/errors.ts";
import { killGroup, run } from "./run.ts";
import { type SshTarget, sshArgv } from "./ssh-argv.ts";
import { connectDeadline, connectionError, noShell } from "./ssh-errors.ts";

/** `ssh` gives up sooner by itself where nobody answers: this is for what hangs later, such as a jump or an agent. */
const CONNECT_MS = 15_000;
/** A host that was waited for in vain fails this long without another wait, so that one operation waits once. */
const REMEMBER_MS = 5_000;
/** What failed sooner, such as a refused connection, costs nothing to ask again. */
const SLOW_MS = 1_000;
const CONTROL_MS = 5_000;
/** UNIX sockets have at most 103 bytes; ssh makes the socket under a name that is 17 longer. */
const LONGEST_FOLDER = 103 - 17 - "/m-123456789012".length;

/** The shared connection to a host (ControlMaster), made when it is needed. */
export interface Master {
  readonly target: SshTarget;
  /**
   * Connects unless there is a connection; answers what is another for each connection. `ExternalError` `SM-SSH-…`; where nobody
   * answered in time, the same at once for the next 5 s.
   */
  ensure(): Promise<string>;
  /** One request to the connection's process (`ssh -O`). */
  control(request: string, ...flags: string[]): Promise<{ ok: boolean; said: string }>;
  /** A path for a socket beside its own. */
  socketPath(): string;
  close(): Promise<void>;
}

/** One of our own for each caller: whoever closes it ends nobody else's programs. */
export function createMaster(options: { name: string; controlDir: string; configFile?: string | undefined }): Master {
  const { name, configFile } = options;
  const folder = socketFolder(options.controlDir);
  const socketPath = () => join(folder, `m-${randomBytes(6).toString("hex")}`);
  const target = { name, configFile, controlPath: socketPath() };
  const closed = new AbortController();
  let connecting: Promise<void> | undefined;
  let silent: { error: unknown; until: number } | undefined;

  async function ensure(): Promise<string> {
    if (!(await answers(target.controlPath))) {
      if (silent && performance.now() < silent.until) throw silent.error;
      connecting ??= connectAnew().finally(() => {
        connecting = undefined;
      });
      await connecting;
    }
    const seen = await stat(target.controlPath).catch(() => undefined);
    if (seen) return `${seen.ino}/${seen.ctimeMs}`;
    throw connectionError(name, "the connection ended at once");
  }

  async function connectAnew(): Promise<void> {
    const began = performance.now();
    await requireFolder(folder);
    try {
      await connectOnce(target, closed.signal);
    } catch (error) {
      // Where the account runs no commands the connection itself is there.
      await exit();
      const now = performance.now();
      if (isAway(error) && now - began > SLOW_MS) silent = { error, until: now + REMEMBER_MS };
      throw error;
    }
  }

  async function control(request: string, ...flags: string[]) {
    const result = await run(sshArgv(target, { flags: ["-O", request, ...flags] }), { deadlineMs: CONTROL_MS });
    return { ok: result.code === 0, said: result.stderr.trim() };
  }

  async function exit(): Promise<void> {
    if (await answers(target.controlPath)) await control("exit").catch(() => {});
    await rm(target.controlPath, { force: true });
  }

  return {
    target,
    ensure,
    control,
    socketPath,
    async close() {
      closed.abort(connectionError(name, "it was closed by us"));
      await connecting?.catch(() => {});
      await exit();
    },
  };
}

/** Another one where the path is too long for sockets, or has characters that mean something to ssh (`%`, `:`, blanks). */
function socketFolder(controlDir: string): string {
  if (controlDir.length <= LONGEST_FOLDER && /^[\w./+-]+$/.test(controlDir)) return controlDir;
  return join(tmpdir(), `stationmaster-ssh-${userInfo().username}`);
}

/** Who can write there can take over connections, so it has to be ours alone. */
async function requireFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const seen = await lstat(folder);
  if (seen.isDirectory() && seen.uid === process.getuid?.() && (seen.mode & 0o077) === 0) return;
  throw new UserError({
    code: "SM-SSH-CONTROL-DIR",
    message: `the folder ${folder} for SSH connections is open to others`,
    next: `make it yours alone (chmod 700 ${folder}) or remove it`,
  });
}

/**
 * Connects with a program that does nothing, so that what ssh prints is its own. The connection's process stays behind and may
 * hold our pipe open (OpenSSH before 8.5), so its success is the exit of the first one, not the end of its output.
 */
function connectOnce(target: SshTarget, closed: AbortSignal): Promise<void> {
  closed.throwIfAborted();
  const [program = "", ...args] = sshArgv(target, { master: true, command: ["true"] });
  return new Promise((done, fail) => {
    const child = spawn(program, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
    // Before anything else: one that could not be started, for want of files too, has no streams.
    child.once("error", (cause) => {
      settle();
      fail(noClient(cause));
    });
    let printed = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    const stop = (reason: unknown) => {
      settle();
      killGroup(child);
      fail(reason);
    };
    const timer = setTimeout(() => stop(connectDeadline(target.name, CONNECT_MS)), CONNECT_MS);
    const close = () => stop(closed.reason);
    closed.addEventListener("abort", close, { once: true });
    const settle = () => {
      clearTimeout(timer);
      closed.removeEventListener("abort", close);
    };
    child.once("exit", (code) => {
      settle();
      if (code === 0) {
        child.stderr?.destroy();
        return done();
      }
      child.once("close", () =>
        fail(code === 255 ? connectionError(target.name, printed) : noShell(target.name, code)),
      );
    });
  });
}

function noClient(cause: Error): ExternalError {
  return new ExternalError({
    code: "SM-SSH-CLIENT",
    message: `ssh could not be started: ${cause.message}`,
    next: "install the OpenSSH client",
    cause,
  });
}

/** Whether somebody listens on the socket; a file alone may be left over. */
function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}
