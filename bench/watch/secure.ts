import { createAuthority, missingOpenssl } from "../../src/watch/probes/tls/testing.ts";
import { table } from "../report.ts";
import { EVERY_MS, withBed } from "./bed.ts";
import type { ExporterFigures } from "./exporter.ts";
import { costs, startProber } from "./figures.ts";
import type { Begun, Measured } from "./prober.ts";
import type { ProberOrder } from "./spec.ts";

const CHECKS = 2_000;
const KINDS = { url: "url over https", tls: "tls" } as const;

/** What checks of targets that speak TLS cost, for `minutes` each; the exporter on the same targets where `measurePeer` is given. */
export async function benchSecure(
  minutes: number,
  measurePeer?: (order: ProberOrder) => Promise<ExporterFigures>,
): Promise<string> {
  if (missingOpenssl) return `skipped: targets that speak TLS, ${missingOpenssl}`;
  const authority = createAuthority();
  try {
    const rows = await withBed(
      CHECKS,
      async ({ order: plain }) => {
        const rows: (string | number | null)[][] = [];
        for (const as of ["url", "tls"] as const) {
          const order = { ...plain, secure: { ca: authority.ca, as } };
          rows.push([KINDS[as], ...costs(await measure(order, minutes))]);
          if (measurePeer)
            rows.push([`  the exporter, ${as === "url" ? "http" : "tcp"}`, ...costs(await measurePeer(order))]);
        }
        return rows;
      },
      authority,
    );
    return [
      `${CHECKS} checks every ${EVERY_MS / 1_000} s of targets that speak TLS (P-256), the certificate verified; ${minutes} min a row`,
      table(["", "runs/s", "failed", "CPU", "runs/CPU-s", "RSS MiB"], rows),
    ].join("\n");
  } finally {
    authority.remove();
  }
}

async function measure(order: ProberOrder, minutes: number): Promise<Measured> {
  const prober = startProber();
  try {
    await prober.tell<Begun>({ begin: order });
    return await prober.tell<Measured>({ measureMs: minutes * 60_000 });
  } finally {
    await prober.kill();
  }
}
