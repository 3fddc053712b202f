import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import type { IpVersion } from "../../config/network-checks.ts";
import { type Address, familyOf } from "./address.ts";
import type { Stopwatch } from "./stopwatch.ts";

interface Dialling {
  ip?: IpVersion | undefined;
  lookup: LookupFunction;
  signal: AbortSignal;
  watch: Stopwatch;
}

/**
 * Opens a connection. It ends with `signal`, now or later, and then fails with its reason; a failure before it stands rejects.
 * The socket has a listener for errors: whoever reads from it hears of them by its `close`.
 */
export async function dial({ host, port }: Address, { ip, lookup, signal, watch }: Dialling): Promise<Socket> {
  signal.throwIfAborted();
  if (isIP(host)) watch.next("connect");
  const socket = connect({ host, port, family: familyOf(ip), lookup, signal });
  socket.setNoDelay(true);
  socket.once("lookup", () => watch.next("connect"));
  return await new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.once("connect", () => resolve(socket));
  });
}
