import type { CheckSpec } from "../../src/watch/types.ts";
import { addressOf } from "./targets.ts";

export interface ProberOrder {
  store: string;
  checks: number;
  port: number;
  everyMs: number;
  timeoutMs: number;
  /** The file with the authority of the targets' certificate, which is for `targets.test`. */
  ca?: string;
}

/** The check of target number `index`, which is a service of its own. */
export function specOf(
  index: number,
  { port, everyMs, timeoutMs, ca }: Omit<ProberOrder, "store" | "checks">,
): CheckSpec {
  const url = `${ca ? "https" : "http"}://${addressOf(index)}:${port}/`;
  const tls = ca ? { tls: { ca }, headers: { host: "targets.test" } } : {};
  return {
    ...{ id: `bench/check/t${index}`, environment: "bench", service: `s${index}`, component: "service", type: "http" },
    ...{ everyMs, timeoutMs, critical: true, recheck: 2, target: `GET ${url}` },
    options: { every: everyMs, timeout: timeoutMs, critical: true, url, ...tls },
  };
}
