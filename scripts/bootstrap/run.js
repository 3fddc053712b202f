import { spawn } from "node:child_process";
import module from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FORWARDED = ["SIGTERM", "SIGINT", "SIGHUP"];

/** Ends the bootstrap with one line (none when empty) and the exit code or signal of what failed. */
export class Failure extends Error {
  constructor(message, code = 1, signal = null) {
    super(message);
    this.result = { code, signal };
  }
}

/**
 * Runs a program and waits for its end, whatever signal comes meanwhile: `{ code, signal, output }`.
 * SIGTERM is passed on. A terminal sends Ctrl-C and hang-up to the whole group, so the child has those already and a
 * second copy would read as "hurry up"; without a terminal they are passed on too.
 */
export function runChild(file, args, { cwd, env = process.env, capture = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit" });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => output.push(chunk));
    const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    const forward = (signal) => {
      if (signal === "SIGTERM" || !terminal) child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const done = (settle, value) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      settle(value);
    };
    child.once("error", (error) => done(reject, error));
    child.once("close", (code, signal) =>
      done(resolve, { code, signal, output: Buffer.concat(output).toString("utf8") }),
    );
  });
}

/** Runs a TypeScript program: in this process when it is the pinned Node already, else in one of that Node. */
export async function runMain(node, main, args) {
  if (!node.current) return runChild(node.path, [...process.execArgv, main, ...args], {});
  await importMain(main, args, join(node.root, "node_modules/.cache/stationmaster"));
  return undefined;
}

/** Imports a program as if it had been started with `args`. The cache of compiled code halves the time to start. */
export async function importMain(main, args, cache) {
  module.enableCompileCache?.(cache);
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}

/** Ends this process the way the child ended. */
export function exitAs({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  // Reached at once for a code; for a signal only where the signal does not end a process.
  process.exitCode = code ?? 1;
}
