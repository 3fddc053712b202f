import { z } from "zod";
import type { IpVersion, StartTls } from "../../../config/network-checks.ts";
import type { Probe } from "../probe.ts";
import { withConnection } from "../tcp/connection.ts";
import { judgePeer } from "./chain.ts";

const FOURTEEN_DAYS_MS = 14 * 86_400_000;

const Options = z.object({
  tls: z.string(),
  servername: z.string().optional(),
  warn: z.number().default(FOURTEEN_DAYS_MS),
  issuer: z.string().optional(),
  starttls: z.custom<StartTls>().optional(),
  ca: z.string().optional(),
  ip: z.custom<IpVersion>().optional(),
});

/** The handshake and the certificate chain of host:port. */
export const tlsProbe: Probe<z.infer<typeof Options>> = {
  id: "tls",
  Options,
  sideEffects: false,
  run: async ({ tls: address, starttls: secure = true, warn: warnMs, issuer, servername, ca, ip }, context) =>
    await withConnection({ address, secure, servername, ca, ip }, context, ({ secure: socket }) =>
      judgePeer(socket, { now: context.clock.now(), warnMs, issuer }),
    ),
};
