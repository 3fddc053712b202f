import { parseArgs } from "node:util";
import { missingHosts } from "../test/labs/hosts.ts";
import { findProgram } from "../test/labs/missing.ts";
import { measureDowntime } from "./hosts-downtime.ts";
import { measureFailures } from "./hosts-failures.ts";
import { measureOverhead } from "./hosts-overhead.ts";
import { measureRollback } from "./hosts-rollback.ts";

interface Part {
  title: string;
  /** `small`: a try, with numbers that say nothing. */
  measure(small: boolean): Promise<string>;
}

const PARTS: Record<string, Part> = {
  failures: {
    title: "Failed requests",
    measure: (small) =>
      measureFailures(small ? { rate: 20, requests: 0, rollouts: 1 } : { rate: 150, requests: 8_000, rollouts: 2 }),
  },
  rollback: { title: "Rollback", measure: (small) => measureRollback({ times: small ? 1 : 2 }) },
  overhead: {
    title: "Overhead and scale",
    measure: (small) => measureOverhead(small ? { hosts: [1, 3], times: 1 } : { hosts: [1, 2, 3, 6], times: 3 }),
  },
  downtime: {
    title: "Beside docker-compose, and the latency of the proxy",
    measure: (small) =>
      measureDowntime(small ? { times: 1, rate: 20, latencyMs: 900 } : { times: 3, rate: 100, latencyMs: 6_000 }),
  },
};

/** Why nothing can be measured here; undefined when it can. */
export function missingForHosts(): string | undefined {
  const absent = ["haproxy", "docker-compose"].filter((program) => !findProgram(program));
  return missingHosts({ registry: true }) ?? (absent.length > 0 ? `not installed: ${absent.join(", ")}` : undefined);
}

/** Measures rollouts on hosts with sshd, Docker and HAProxy, one part after another; one that breaks off does not stop the others. */
export async function benchHosts(names: readonly string[] = Object.keys(PARTS), small = false): Promise<string> {
  const texts: string[] = [];
  for (const name of names) {
    const part = PARTS[name];
    if (!part) throw new Error(`no part ${name}; there are ${Object.keys(PARTS).join(", ")}`);
    const start = performance.now();
    const text = await part.measure(small).catch((error: unknown) => `MISSED: broke off: ${error}`);
    texts.push(`${part.title} (${Math.round((performance.now() - start) / 1_000)} s)\n${text}`);
  }
  return texts.join("\n\n");
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { small: { type: "boolean" } } });
  const missing = missingForHosts();
  const names = positionals.length > 0 ? positionals : undefined;
  console.log(missing ? `skipped: ${missing}` : await benchHosts(names, values.small));
}
