import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../src/platforms/local/ports.ts";
import { cpuMsOf } from "../load/cpu.ts";
import { memoryOf } from "../load/memory.ts";
import { type ProberOrder, SECURE_HOST } from "./spec.ts";
import { addressOf } from "./targets.ts";

const CONNECTIONS = 64;
const READY_TRIES = 100;

export interface ExporterFigures {
  runs: number;
  failed: number;
  cpuMs: number;
  tookMs: number;
  rssMiB: number | null;
}

interface ExporterOptions extends Pick<ProberOrder, "port" | "checks" | "everyMs" | "timeoutMs" | "secure"> {
  program: string;
  folder: string;
}

/** Prometheus' blackbox exporter, asked for the same targets at the same rate; it has no schedule and no memory of its own. */
export async function startExporter(options: ExporterOptions) {
  const { program, folder, timeoutMs } = options;
  const file = join(folder, "blackbox.yml");
  const ask = { timeout: `${timeoutMs / 1_000}s`, ...moduleOf(options) };
  writeFileSync(file, JSON.stringify({ modules: { ask } }));
  const listen = `127.0.0.1:${await freePort(new Set())}`;
  const args = [`--config.file=${file}`, `--web.listen-address=${listen}`, "--log.level=error"];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  await untilReady(`http://${listen}/`);
  return {
    /** Drives it for `ms` and measures it meanwhile. */
    measure: (ms: number) => drive(child, { ...options, agent, base: `http://${listen}/probe?module=ask&target=` }, ms),
    stop: async () => {
      agent.destroy();
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** What the exporter is to do at each target. */
function moduleOf({ folder, secure }: ExporterOptions) {
  const preferred = { preferred_ip_protocol: "ip4" };
  if (secure === undefined) return { prober: "http", http: preferred };
  const file = join(folder, "ca.pem");
  writeFileSync(file, secure.ca);
  const trust = { tls_config: { ca_file: file, server_name: SECURE_HOST } };
  if (secure.as === "tls") return { prober: "tcp", tcp: { ...preferred, ...trust, tls: true } };
  return { prober: "http", http: { ...preferred, ...trust, headers: { Host: SECURE_HOST } } };
}

async function drive(
  { pid = 0 }: ChildProcess,
  { agent, base, port, checks, everyMs, secure }: ExporterOptions & { agent: Agent; base: string },
  ms: number,
): Promise<ExporterFigures> {
  const gap = everyMs / checks;
  const scheme = secure === undefined ? "http://" : secure.as === "url" ? "https://" : "";
  const begin = performance.now();
  const cpu = cpuMsOf([pid]);
  let [sent, runs, failed] = [0, 0, 0];
  const waiting: Promise<boolean>[] = [];
  while (performance.now() - begin < ms) {
    for (; sent * gap < performance.now() - begin; sent++)
      waiting.push(
        probe(`${base}${encodeURIComponent(`${scheme}${addressOf(sent % checks)}:${port}`)}`, agent).finally(() => {
          runs++;
        }),
      );
    await delay(2);
  }
  const tookMs = performance.now() - begin;
  const figures = { runs, tookMs, cpuMs: cpuMsOf([pid]) - cpu, rssMiB: memoryOf([pid]).rss };
  for (const passed of await Promise.all(waiting)) if (!passed) failed++;
  return { ...figures, failed };
}

function probe(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("end", () => resolve(/^probe_success 1$/m.test(text)));
    }).once("error", () => resolve(false));
  });
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < READY_TRIES; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await delay(100);
  }
  throw new Error("the exporter does not answer");
}
