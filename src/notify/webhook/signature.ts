import { createHmac } from "node:crypto";

export const SIGNATURE_HEADER = "x-stationmaster-signature";

/**
 * `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 with the channel's secret over `<unix seconds>.<body>`.
 * A receiver recomputes it and refuses old times, so a recorded request cannot be replayed later.
 */
export function sign({ secret, body, now }: { secret: string; body: string; now: number }): string {
  const time = Math.floor(now / 1_000);
  const digest = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return `t=${time},v1=${digest}`;
}
