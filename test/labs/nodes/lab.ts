import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODES } from "./index.ts";

const AGENT = fileURLToPath(new URL("agent.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** Nodes with their agents, and how commands reach them. */
export interface NodesLab {
  command: { main: string; env: Record<string, string> };
  /** Nobody can give that node orders any more; its users go on. */
  cut(name: string): void;
  heal(name: string): void;
  close(): Promise<void>;
}

/** Starts an agent for each name; `close` ends them with all they run. */
export async function openNodes(names: readonly string[]): Promise<NodesLab> {
  const dir = mkdtempSync(join(tmpdir(), "nodes-"));
  const socketOf = (name: string) => join(dir, `${name}.sock`);
  const agents: ChildProcess[] = [];
  for (const name of names) {
    const agent = spawn(process.execPath, [AGENT, socketOf(name)], { stdio: ["ignore", "pipe", "inherit"] });
    agents.push(agent);
    await once(agent.stdout, "data");
  }
  return {
    command: { main: MAIN, env: { [NODES]: names.map((name) => `${name}=${socketOf(name)}`).join(",") } },
    cut: (name) => renameSync(socketOf(name), `${socketOf(name)}.cut`),
    heal: (name) => renameSync(`${socketOf(name)}.cut`, socketOf(name)),
    close: async () => {
      const ends = agents.map((agent) => once(agent, "exit"));
      for (const agent of agents) agent.kill("SIGTERM");
      await Promise.all(ends);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
