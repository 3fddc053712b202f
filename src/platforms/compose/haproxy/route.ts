import { isIP } from "node:net";
import { z } from "zod";
import { Network } from "../../../config/fields.ts";
import { ClientKey } from "../../../contract/rollout.ts";
import { UserError } from "../../../core/errors.ts";

/*
 * Every one of these ends up in a line of the configuration, of the map or of the runtime API, which have no common way of
 * quoting. So each is a pattern without blanks, quotes, line ends, `;`, `#` and `\`; free text (release, salt) is encoded.
 */
const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,150}$/, "letters, digits and . _ : -");
const UnitId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "letters, digits and . _ -");
const Text = z.string().regex(/^[\x20-\x7e]{0,200}$/, "printable ASCII, at most 200");
const Port = z.int().min(1).max(65_535);
const HostName = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.string().regex(/^[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?$/, "a host name"));
const Address = z
  .string()
  .refine((text) => isIP(text) !== 0 && !text.includes("%"), "an IP address")
  .transform(canonical);
const EpochMs = z.int().min(0).max(8_640_000_000_000_000);
const FilePath = z.string().regex(/^\/[\w./@+-]{1,400}$/, "an absolute path of letters, digits and . _ / @ + -");

const ProxyMember = z.object({
  id: UnitId,
  /** On loopback of the proxy's host. */
  port: Port,
  release: Text,
  weight: z.int().min(0).max(256),
  drain: z.boolean(),
});

export const ProxyRoute = z.object({
  /** Unique on the host, e.g. `shop:production:api`. */
  name: Name,
  /** Where users call it; a port may be shared with other routes by `domain`. */
  listen: z.array(z.object({ port: Port, bind: Address, tls: FilePath.optional(), domain: HostName.optional() })),
  /** Where other containers call it; told apart by the Host header where several routes share address and port. */
  internal: z.object({ address: Address, port: Port, hosts: z.array(HostName) }).optional(),
  /** Proxies in front of this one that are believed about the client; those on loopback always are. */
  trusted: z.array(Network).optional(),
  /** Asked on every unit, 2xx wanted; null: an open port is enough. */
  health: z.object({ path: z.string().regex(/^\/[\w./~%&=+:@,!*()?-]{0,300}$/, "a path") }).nullable(),
  /** Spreads the risk: each rollout puts other clients in the first buckets. */
  salt: Text,
  /** What a bucket is computed from; left out: `client`. */
  key: ClientKey.optional(),
  stable: z.array(ProxyMember),
  candidate: z.array(ProxyMember),
  /** Percent of requests for the candidate. */
  share: z.number().min(0).max(100),
  /** Epoch ms at which the share ends by itself; null = no end. */
  until: EpochMs.nullable(),
  /** Epoch ms until which requests wait; null = no hold. */
  hold: EpochMs.nullable(),
});
/** Wanted state of one service on one host. Times count by the clock of whoever says them. */
export type ProxyRoute = z.infer<typeof ProxyRoute>;
export type ProxyMember = z.infer<typeof ProxyMember>;

/** By name. On the host's disk the times count by the host's clock. */
export type ProxyRoutes = Record<string, ProxyRoute>;

const ProxyState = z.object({ version: z.literal(1), routes: z.record(Name, ProxyRoute) });

/** A route that is safe to put into the proxy's files. `UserError` `SM-PROXY-ROUTE`, naming the field, when it is not. */
export function checkRoute(route: z.input<typeof ProxyRoute>): ProxyRoute {
  const parsed = ProxyRoute.safeParse(route);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError({
    code: "SM-PROXY-ROUTE",
    message: `the route ${JSON.stringify(route.name)} cannot be given to the proxy: ${issue?.path.join(".")}: ${issue?.message}`,
    next: "change that value",
    cause: parsed.error,
  });
}

/** A path that can stand in the proxy's configuration. `UserError` `SM-PROXY-ROUTE` otherwise. */
export function checkFolder(folder: string): string {
  if (FilePath.safeParse(folder).success) return folder;
  throw new UserError({
    code: "SM-PROXY-ROUTE",
    message: `the folder ${JSON.stringify(folder)} cannot be used for the proxy`,
    next: "choose an absolute path of letters, digits and . _ / @ + -",
  });
}

/** Routes as the state file has them; `UserError` `SM-PROXY-STATE` when it cannot be understood. */
export function parseState(text: string, place: string): ProxyRoutes {
  try {
    return ProxyState.parse(JSON.parse(text)).routes;
  } catch (cause) {
    throw new UserError({
      code: "SM-PROXY-STATE",
      message: `${place} is not a valid state of the proxy`,
      next: "move the file aside and deploy again",
      cause,
    });
  }
}

export function renderState(routes: ProxyRoutes): string {
  return `${JSON.stringify({ version: 1, routes }, null, 2)}\n`;
}

/** Addresses are compared as text, so each has one spelling. */
function canonical(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
