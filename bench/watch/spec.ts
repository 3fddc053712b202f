import type { CheckSpec } from "../../src/watch/types.ts";
import { addressOf } from "./targets.ts";

/** For whom the certificate of secure targets is. */
export const SECURE_HOST = "targets.test";

export interface ProberOrder {
  store: string;
  checks: number;
  port: number;
  everyMs: number;
  timeoutMs: number;
  /** Who vouches for the certificate of secure targets (PEM), and which check asks them. */
  secure?: { ca: string; as: "url" | "tls" };
}

/** The check of target number `index`, which is a service of its own. */
export function specOf(
  index: number,
  { port, everyMs, timeoutMs, secure }: Omit<ProberOrder, "store" | "checks">,
): CheckSpec {
  const address = `${addressOf(index)}:${port}`;
  const url = `${secure ? "https" : "http"}://${address}/`;
  const trust = secure ? { tls: { ca: secure.ca }, headers: { host: SECURE_HOST } } : {};
  const ofTls = secure?.as === "tls";
  return {
    ...{ id: `bench/check/t${index}`, environment: "bench", service: `s${index}`, component: "service" },
    ...{ everyMs, timeoutMs, critical: true, recheck: 2, target: ofTls ? address : `GET ${url}` },
    type: ofTls ? "tls" : "http",
    options: {
      ...{ every: everyMs, timeout: timeoutMs, critical: true },
      ...(ofTls ? { tls: address, servername: SECURE_HOST, ca: secure.ca } : { url, ...trust }),
    },
  };
}
