import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import type { IpVersion } from "../../../config/network-checks.ts";
import type { Clock } from "../../../core/clock.ts";
import { familyOf, guardedLookup, InternalAddress } from "../address.ts";
import type { Stopwatch } from "../stopwatch.ts";
import { type CertificateEnd, earliestEnd, peerChain } from "../tls/chain.ts";
import { ordinaryContext, serverName, TLS_LIMITS } from "../tls/handshake.ts";

/** How a server is reached. */
export interface Route {
  ip?: IpVersion | undefined;
  secureContext?: SecureContext | undefined;
  /** Finds the addresses of names. */
  lookup: LookupFunction;
  /** Which addresses may be connected to; all when absent. */
  allowed?: ((address: string) => boolean) | undefined;
}

/** Who answers. */
export interface Peer {
  /** Its IP address. */
  remote: string;
  /** Which of its certificates ends first; undefined without TLS. */
  certificate: CertificateEnd | undefined;
}

interface Connector {
  connect: buildConnector.connector;
  peer(): Peer;
  destroy(): void;
}

/** Opens the socket itself, because undici neither tells the phases nor closes a socket that is still connecting. */
export function tracedConnector(watch: Stopwatch, route: Route, clock: Clock): Connector {
  let socket: Socket | undefined;
  let peer: Peer = { remote: "", certificate: undefined };
  const connect: buildConnector.connector = ({ hostname, protocol, port, servername }, callback) => {
    const secure = protocol === "https:";
    const host = hostname.replace(/^\[|\]$/g, "");
    if (isIP(host)) watch.next("connect");
    if (isIP(host) && route.allowed?.(host) === false) return callback(new InternalAddress(host), null);
    const lookup = route.allowed ? guardedLookup(route.allowed, route.lookup) : route.lookup;
    const address = { host, port: Number(port || (secure ? 443 : 80)), family: familyOf(route.ip), lookup };
    const opened = secure
      ? connectTls({
          ...address,
          ...TLS_LIMITS,
          ALPNProtocols: ["http/1.1"],
          secureContext: route.secureContext ?? ordinaryContext(),
          // Of the `host` header, where the check names another host than the address does.
          ...serverName(host, servername || undefined),
        })
      : connectTcp(address);
    socket = opened;
    opened.setNoDelay(true);
    opened.once("lookup", () => watch.next("connect"));
    const ready = () => {
      opened.off("error", failed);
      const chain = opened instanceof TLSSocket ? peerChain(opened) : [];
      peer = { remote: opened.remoteAddress ?? "", certificate: earliestEnd(chain, clock.now()) };
      watch.next("processing");
      callback(null, opened);
    };
    const failed = (error: Error) => callback(error, null);
    if (secure) opened.once("connect", () => watch.next("tls"));
    opened.once(secure ? "secureConnect" : "connect", ready);
    opened.once("error", failed);
  };
  // The socket may still report an error after nobody listens any more; unheard it would end the process.
  return { connect, peer: () => peer, destroy: () => socket?.on("error", () => {}).destroy() };
}
