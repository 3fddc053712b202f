import { createServer } from "node:net";
import { expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { probeUnit } from "./probe.ts";

test.each([null, { path: "/health", timeout: 2_000, expect: {} }])(
  "a port that nobody listens on is named: %j",
  async (health) => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as { port: number };
    await new Promise((done) => server.close(done));
    const answer = await probeUnit({
      service: "api",
      released: { health } as ReleasedService,
      port,
      environment: "local",
      signal: AbortSignal.timeout(30_000),
      redact: createRedactor([]),
      clock: systemClock,
    });
    expect(answer.ok).toBe(false);
    expect(answer.detail).toContain(`: nothing listens on the port in PORT (${port})`);
  },
);
