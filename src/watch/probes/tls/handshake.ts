import { constants, createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP, type Socket } from "node:net";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import type { ClientTls } from "../../../config/network-checks.ts";

/** Renegotiation is refused: a server could keep us busy with it. */
export const TLS_LIMITS = { secureOptions: constants.SSL_OP_NO_RENEGOTIATION };

/** Made for each connection, a context would cost a fifth of the handshake; one serves any number of them. By what is in its files. */
const contexts = new Map<string, SecureContext>();
const MOST_CONTEXTS = 64;
let ordinary: SecureContext | undefined;

/** What a handshake uses besides the system's trust; a file that has changed is read anew. Rejects when a file cannot be read or is not PEM. */
export async function tlsContext({ ca, cert, key }: ClientTls = {}): Promise<SecureContext> {
  if (ca === undefined && cert === undefined && key === undefined) return ordinaryContext();
  const [trusted, own, secret] = await Promise.all([ca, cert, key].map(pemText));
  const name = createHash("sha256")
    .update(JSON.stringify([trusted, own, secret]))
    .digest("base64");
  const known = contexts.get(name) ?? createSecureContext({ ca: trusted, cert: own, key: secret, ...TLS_LIMITS });
  // The newest is the last.
  contexts.delete(name);
  contexts.set(name, known);
  const [oldest] = contexts.keys();
  if (contexts.size > MOST_CONTEXTS && oldest !== undefined) contexts.delete(oldest);
  return known;
}

/** That of a handshake for which nothing is set. */
export function ordinaryContext(): SecureContext {
  ordinary ??= createSecureContext(TLS_LIMITS);
  return ordinary;
}

async function pemText(given: string | undefined): Promise<string | undefined> {
  return given === undefined || given.includes("-----BEGIN") ? given : await readFile(given, "utf8");
}

/** The name to ask for in a handshake: none for an address, which has no certificates by that name. */
export function serverName(host: string, wanted?: string): { servername?: string } {
  const name = wanted ?? (isIP(host) ? "" : host);
  return name === "" ? {} : { servername: name };
}

interface Handshake {
  host: string;
  servername?: string | undefined;
  secureContext: SecureContext;
}

/** TLS on an open connection, whoever the other side is: whether it is trusted stands in `authorizationError`. */
export async function handshake(socket: Socket, { host, servername, secureContext }: Handshake): Promise<TLSSocket> {
  const secure = connect({ socket, host, secureContext, rejectUnauthorized: false, ...serverName(host, servername) });
  return await new Promise((resolve, reject) => {
    secure.on("error", reject);
    secure.once("close", () => reject(new Error("the connection was closed during the TLS handshake")));
    secure.once("secureConnect", () => resolve(secure));
  });
}
