import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isKnownError, systemCode } from "../core/errors.ts";
import type { Host, HostRun } from "./host.ts";
import { startProcess } from "./local-host-process.ts";
import { type RunResult, run as runHere } from "./run.ts";
import { writeError } from "./ssh-write.ts";

/** This machine, with the answers of a host over SSH: a program that cannot be started ends with 127. */
export function createLocalHost(): Host {
  return {
    name: "local",
    run,
    async open(argv, { signal } = {}) {
      signal?.throwIfAborted();
      return startProcess(argv, { signal });
    },
    async write(path, content, { mode = 0o600, signal }) {
      signal?.throwIfAborted();
      try {
        await replace(path, content, mode);
      } catch (cause) {
        throw writeError("local", path, systemCode(cause) ?? String(cause));
      }
    },
    forwardPort: async (port) => port,
    forwardSocket: async (path) => path,
    async close() {},
  };
}

async function run(argv: readonly string[], options: HostRun): Promise<RunResult> {
  try {
    return await runHere(argv, options);
  } catch (error) {
    if (!isKnownError(error) || error.code !== "SM-EXEC-START") throw error;
    return { code: 127, stdout: "", stderr: error.message };
  }
}

async function replace(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.draft.${randomBytes(6).toString("hex")}`);
  await mkdir(folder, { recursive: true });
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
