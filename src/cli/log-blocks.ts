import colors from "picocolors";
import type { LogLine } from "../contract/requests.ts";
import { howItEnded } from "../contract/unit-exit.ts";
import { ago } from "./output.ts";

/** The lines of a service for people: those of one replica after another, each below its head where there are several or it has ended. */
export function logBlocks(lines: readonly LogLine[]): string[] {
  const replicas = [...Map.groupBy(lines, ({ replica }) => replica).values()];
  return replicas.flatMap((own) => [
    ...own.slice(0, 1).flatMap((line) => (replicas.length > 1 || line.ended ? [logHead(line)] : [])),
    ...own.map(logText),
  ]);
}

/** `== api-m1x2-0 on h2 (r3, ended 3 min ago, exited with code 1) ==` */
export function logHead({ replica, release, host, ended, endedAt, exit }: LogLine, now = Date.now()): string {
  const end = ended ? ["ended", ...(endedAt ? [ago(endedAt, now)] : [])].join(" ") : "running";
  const facts = [release, end, exit && howItEnded(exit)].filter((fact) => fact !== undefined);
  return colors.bold(`== ${replica}${host === undefined ? "" : ` on ${host}`} (${facts.join(", ")}) ==`);
}

export function logText({ replica, text }: LogLine): string {
  return `${colors.dim(replica)} ${text}`;
}
