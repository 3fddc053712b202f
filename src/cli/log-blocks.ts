import colors from "picocolors";
import type { LogLine } from "../contract/requests.ts";

/** The lines of a service for people: those of one replica after another, each below its head where there are several. */
export function logBlocks(lines: readonly LogLine[]): string[] {
  const replicas = [...Map.groupBy(lines, ({ replica }) => replica).values()];
  return replicas.flatMap((own) => [...(replicas.length > 1 ? own.slice(0, 1).map(logHead) : []), ...own.map(logText)]);
}

/** `== api-m1x2-0 (r3, ended) ==` */
export function logHead({ replica, release, ended }: LogLine): string {
  const facts = [release, ended ? "ended" : "running"].filter((fact) => fact !== undefined);
  return colors.bold(`== ${replica} (${facts.join(", ")}) ==`);
}

export function logText({ replica, text }: LogLine): string {
  return `${colors.dim(replica)} ${text}`;
}
