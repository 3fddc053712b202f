import { createTestDatabase, startTestServer } from "../../src/store/testing.ts";
import type { Authority } from "../../src/watch/probes/tls/testing.ts";
import { type Child, startChild } from "./child.ts";
import { type ProberOrder, SECURE_HOST } from "./spec.ts";
import type { TargetOrder } from "./targets.ts";

/** How often every target is asked. */
export const EVERY_MS = 10_000;
const CERTIFICATE_DAYS = 90;

interface Bed {
  targets: Child<TargetOrder>;
  /** For a prober that asks all of them. */
  order: ProberOrder;
}

/** Targets in a process of their own, with TLS where an authority issues their certificate, and an empty store, for the time of `work`. */
export async function withBed<T>(checks: number, work: (bed: Bed) => Promise<T>, authority?: Authority): Promise<T> {
  const { server, stop } = await startTestServer();
  process.env.TEST_STORE_URL = server.url();
  const targets = startChild<TargetOrder>("targets.ts");
  try {
    const tls = authority && { tls: authority.issue({ host: SECURE_HOST, days: CERTIFICATE_DAYS }) };
    const port = await targets.tell<number>({ open: checks, ...tls });
    const { url: store } = await createTestDatabase();
    return await work({ targets, order: { store, checks, port, everyMs: EVERY_MS, timeoutMs: EVERY_MS / 2 } });
  } finally {
    await targets.kill();
    delete process.env.TEST_STORE_URL;
    await stop();
  }
}
