import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { filesIn } from "./files.ts";
import { renderHold } from "./hold.ts";
import { type Listener, listenersOf } from "./listeners.ts";
import type { ProxyMember, ProxyRoute, ProxyRoutes } from "./route.ts";
import { requestRules } from "./rules.ts";

/** What a server is made with, in the configuration and by the runtime API: 2xx every second, in after 3, out after 3. */
export const CHECK = "check inter 1s rise 3 fall 3";

export interface ConfigOptions {
  folder: string;
  /** Who may talk to the sockets, where that is not the user the proxy runs as. */
  owner?: number;
  /** Started as root: the workers become this user and group. */
  runAs?: number;
}

export const SIDES = ["stable", "candidate"] as const;
export type Side = (typeof SIDES)[number];

export function backendName(route: string, side: Side): string {
  return `${route}.${side}`;
}

/** A draining unit keeps its place with weight 0: no new request goes there. */
export function weightOf({ weight, drain }: ProxyMember): number {
  return drain ? 0 : weight;
}

function serverLine({ id, port, ...rest }: ProxyMember): string {
  return `  server ${id} 127.0.0.1:${port} weight ${weightOf({ id, port, ...rest })} ${CHECK}`;
}

/**
 * What only a reload can change, as one word that the running proxy tells in `show info`. Servers and map are left out: the
 * runtime API changes those.
 */
export function structureId(routes: ProxyRoutes, options: ConfigOptions): string {
  const bare = Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [name, { ...route, stable: [], candidate: [] }]),
  );
  const text = [...body(bare, options), renderHold(filesIn(options.folder).map)].join("\n");
  return `stationmaster-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

/** The whole configuration, a function of the wanted routes. Errors as those of `listenersOf`. */
export function renderConfig(routes: ProxyRoutes, options: ConfigOptions): string {
  const lines = ["global", `  description ${structureId(routes, options)}`, ...body(routes, options)];
  return `${lines.join("\n")}\n`;
}

function body(routes: ProxyRoutes, options: ConfigOptions): string[] {
  const sorted = Object.values(routes).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...globals(options),
    ...DEFAULTS,
    ...requestRules(filesIn(options.folder).map, sorted),
    ...nextWorker(options.folder),
    ...listenersOf(routes).flatMap(frontend),
    ...sorted.flatMap((route) => SIDES.flatMap((side) => backend(route, side))),
  ];
}

function globals({ folder, owner, runAs }: ConfigOptions): string[] {
  const files = filesIn(folder);
  const to = owner === undefined ? "" : ` uid ${owner}`;
  return [
    `  stats socket ${files.worker} mode 600${to} level admin expose-fd listeners`,
    // What still runs in the old process that long after a reload are streams.
    "  hard-stop-after 5m",
    "  fd-hard-limit 50000",
    "  tune.bufsize 32768",
    "  ssl-default-bind-options ssl-min-ver TLSv1.2",
    `  lua-load ${files.lua}`,
    ...(runAs === undefined ? [] : [`  uid ${runAs}`, `  gid ${runAs}`]),
  ];
}

const DEFAULTS = [
  "ring requests",
  "  format raw",
  "  maxlen 512",
  "  size 524288",
  "defaults all",
  "  mode http",
  "  timeout connect 2s",
  "  timeout http-request 15s",
  "  timeout http-keep-alive 60s",
  "  timeout check 5s",
  // Long polls and event streams may be silent for long.
  "  timeout client 1h",
  "  timeout server 1h",
  "  timeout tunnel 1h",
  "  timeout client-fin 30s",
  "  option clitcpka",
  // Else a client's kept connection would keep its old unit.
  "  option http-server-close",
  // A client may be sending on a connection that looks idle; after a reload it is told with its next answer.
  "  option idle-close-on-response",
  // Only what reached no unit is sent again.
  "  retries 3",
  "  option redispatch 1",
  "  retry-on conn-failure",
  '  http-error status 503 content-type text/plain string "no unit of this service can answer" hdr retry-after 1',
];

/**
 * An abstract socket: the workers' user need not pass through the folder. It also fails the start of a proxy beside sockets that
 * are held and were not handed over; their ports alone would be shared with the holder, and requests lost.
 */
function nextWorker(folder: string): string[] {
  const place = `abns@stationmaster-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;
  return [
    "frontend next from routed",
    `  bind ${place} accept-proxy`,
    "  use_backend %[var(txn.backend)]",
    "backend next from all",
    "  http-reuse never",
    `  server next ${place} send-proxy-v2`,
  ];
}

function frontend({ port, addresses, tls }: Listener): string[] {
  const crypto = tls.length === 0 ? "" : ` ssl ${tls.map((file) => `crt ${file}`).join(" ")} alpn h2,http/1.1`;
  return [
    `frontend port:${port} from routed`,
    ...addresses.map((address) => `  bind ${bindAddress(address, port)}${crypto}`),
    "  use_backend %[var(txn.backend)]",
  ];
}

function bindAddress(address: string, port: number): string {
  if (isIP(address) === 4) return `${address}:${port}`;
  return `ipv6@${address}:${port}${address === "::" ? " v6only" : ""}`;
}

/**
 * A configuration that opens these ports and then fails at a folder that is not there: tells whether they can be opened, with
 * HAProxy's own reason. In earnest it would be too late: while a new worker fails to bind, HAProxy pauses the old one or ends
 * it. `noreuseport`, as two proxies of one user would otherwise share a port, and its requests, without a word.
 */
export function renderProbe(listeners: readonly Listener[], folder: string): string {
  const binds = listeners.flatMap(({ port, addresses }) => addresses.map((address) => bindAddress(address, port)));
  const lines = [
    "global",
    "  noreuseport",
    `  chroot ${filesIn(folder).nowhere}`,
    ...["defaults", "  mode http", ...["connect", "client", "server"].map((what) => `  timeout ${what} 1s`)],
    ...["frontend probe", ...binds.map((bind) => `  bind ${bind}`)],
  ];
  return `${lines.join("\n")}\n`;
}

function backend(route: ProxyRoute, side: Side): string[] {
  const { health } = route;
  return [
    `backend ${backendName(route.name, side)} from all`,
    // Dynamic, as servers come and go at run time.
    "  balance leastconn",
    "  option forwardfor",
    ...(health
      ? [
          "  option httpchk",
          `  http-check send meth GET uri '${health.path}' ver HTTP/1.1 hdr host localhost`,
          "  http-check expect status 200-299",
        ]
      : []),
    ...route[side].map(serverLine),
  ];
}
