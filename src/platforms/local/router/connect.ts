import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";

export const MAX_HEADER_BYTES = 32 * 1_024;
const CONNECT_MS = 2_000;

/** Watches the connection of a request: at most 2 s to be made, and whether any byte of an answer came. */
export function whenConnected(upstream: ClientRequest, ready: () => void): { connected: boolean; silent(): boolean } {
  let socket: Socket | undefined;
  let received = 0;
  const link = { connected: false, silent: () => socket === undefined || socket.bytesRead === received };
  upstream.once("socket", (given: Socket) => {
    socket = given;
    received = given.bytesRead;
    const connected = () => {
      link.connected = true;
      ready();
    };
    if (!given.connecting) return connected();
    const timer = setTimeout(() => given.destroy(new Error("connect timeout")), CONNECT_MS);
    given.once("close", () => clearTimeout(timer));
    given.once("connect", () => {
      clearTimeout(timer);
      connected();
    });
  });
  return link;
}
