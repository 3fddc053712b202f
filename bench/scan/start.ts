import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** As bin/stationmaster starts it. */
const HEAP = "--max-semi-space-size=8";

export interface Ended {
  ms: number;
  /** From the start to the first byte of output. */
  firstMs: number;
  said: string;
}

/** Runs bin/stationmaster to its end. `codes` are those that mean that it worked. */
export async function command(args: readonly string[], codes: readonly number[] = [0]): Promise<Ended> {
  return await start(join(ROOT, "bin/stationmaster"), args, codes);
}

/** Runs a program of the bench in a process of its own, on this Node. */
export async function program(name: string, args: readonly string[]): Promise<Ended> {
  return await start(process.execPath, [HEAP, join(ROOT, "bench", name), ...args], [0]);
}

const SCRIPT = "/usr/bin/script";

/** The same on a terminal; undefined where there is no `script` of util-linux to make one. */
export async function onTerminal(args: readonly string[]): Promise<Ended | undefined> {
  if (!existsSync(SCRIPT)) return undefined;
  const line = [join(ROOT, "bin/stationmaster"), ...args].map((word) => `'${word}'`).join(" ");
  return await start(SCRIPT, ["-qec", line, "/dev/null"], [0]);
}

async function start(file: string, args: readonly string[], codes: readonly number[]): Promise<Ended> {
  const begin = performance.now();
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  let firstMs = Number.NaN;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    if (said === "") firstMs = performance.now() - begin;
    said += chunk;
  });
  const [code] = await once(child, "close");
  if (!codes.includes(code)) throw new Error(`${file} ${args.join(" ")} ended with ${code}`);
  return { ms: performance.now() - begin, firstMs, said };
}
