import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { IpVersion, StartTls } from "../../../config/network-checks.ts";
import { type Address, parseAddress } from "../address.ts";
import { assertionFailure, classifyError, classifyTimeout } from "../classify.ts";
import { dial } from "../dial.ts";
import type { ProbeAnswer, ProbeContext } from "../probe.ts";
import { type Stopwatch, startStopwatch } from "../stopwatch.ts";
import { handshake, tlsContext } from "../tls/handshake.ts";
import { requestTls } from "./starttls.ts";

interface Target {
  /** host:port */
  address: string;
  /** TLS from the first byte on, after it was asked for in a protocol, or never. */
  secure: boolean | StartTls;
  servername?: string | undefined;
  ca?: string | undefined;
  ip?: IpVersion | undefined;
}

export interface Connection {
  socket: Socket;
  /** The same, where it is secure. */
  secure: TLSSocket | null;
  watch: Stopwatch;
}

type Said = Pick<ProbeAnswer, "failure" | "facts">;

/**
 * Connects, with TLS where it is wanted, and lets `talk` say what it means. Whatever goes wrong on the way is classified; the
 * connection is closed in the end.
 */
export async function withConnection(
  target: Target,
  { signal, timeoutMs, clock, lookup }: Pick<ProbeContext, "signal" | "timeoutMs" | "clock" | "lookup">,
  talk: (connection: Connection) => Promise<Said> | Said,
): Promise<ProbeAnswer> {
  const address = parseAddress(target.address);
  if (!address) return { failure: assertionFailure("the address is not host:port"), phases: null, body: null };
  const secureContext = target.secure === false ? undefined : await tlsContext({ ca: target.ca });
  const watch = startStopwatch(clock);
  const said = await connected(address, async (socket) => {
    const refused = typeof target.secure === "string" ? await requestTls(socket, target.secure) : null;
    if (refused) return { failure: refused };
    if (secureContext === undefined) return await talk({ socket, secure: null, watch });
    watch.next("tls");
    const secure = await handshake(socket, { host: address.host, servername: target.servername, secureContext });
    return await talk({ socket: secure, secure, watch });
  }).catch(
    (error: unknown): Said => ({
      failure: signal.aborted ? classifyTimeout(watch.stage(), timeoutMs) : classifyError(error, watch.stage()),
    }),
  );
  watch.next("end");
  return { ...said, phases: watch.phases, body: null };

  async function connected(to: Address, use: (socket: Socket) => Promise<Said>): Promise<Said> {
    const socket = await dial(to, { ip: target.ip, lookup, signal, watch });
    try {
      return await use(socket);
    } finally {
      socket.destroy();
    }
  }
}
