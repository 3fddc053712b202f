import { hostKeys } from "./listeners.ts";
import type { ProxyMember, ProxyRoute, ProxyRoutes } from "./route.ts";

/** Shares are compared with buckets of a hundredth of a percent. */
export const BUCKETS = 10_000;
const PER_PERCENT = BUCKETS / 100;
const NO_END = Number.MAX_SAFE_INTEGER;

/** Share, end and hold of a route in one value, so that a change of all three is one step for every request. */
export interface Grant {
  share: number;
  until: number | null;
  hold: number | null;
}

/** `share:until:hold:salt:key`, times in epoch ms of the host; the key of a cookie has its name in one more field. */
export function grantValue({
  share,
  until,
  hold,
  salt,
  key = "client",
}: Grant & Pick<ProxyRoute, "salt" | "key">): string {
  return [Math.round(share * PER_PERCENT), until ?? NO_END, hold ?? 0, encode(salt), key].join(":");
}

export function parseGrant(value: string): Grant {
  const [share = 0, until = 0, hold = 0] = value.split(":").map(Number);
  return { share: share / PER_PERCENT, until: until === NO_END ? null : until, hold: hold === 0 ? null : hold };
}

/** `weight:release`; the weight is that of the unit when it does not drain. */
function unitValue({ weight, release }: ProxyMember): string {
  return `${weight}:${encode(release)}`;
}

export function parseUnit(value: string): { weight: number; release: string } {
  const at = value.indexOf(":");
  return { weight: Number(value.slice(0, at)), release: decodeURIComponent(value.slice(at + 1)) };
}

export function unitKey(route: string, unit: string): string {
  return `${unit}@${route}`;
}

export function isUnitKey(key: string): boolean {
  return key.indexOf("@") > 0;
}

/** Everything requests are decided by, except the servers: what belongs to which host, grants, releases, health paths. */
export function mapEntries(routes: ProxyRoutes): Map<string, string> {
  const entries = hostKeys(routes);
  for (const route of Object.values(routes)) for (const [key, value] of entriesOf(route)) entries.set(key, value);
  return entries;
}

function entriesOf(route: ProxyRoute): [string, string][] {
  const units = [...route.candidate, ...route.stable].map((member): [string, string] => [
    unitKey(route.name, member.id),
    unitValue(member),
  ]);
  // The proxy compares paths only.
  const path = route.health?.path.split("?")[0];
  return [
    [route.name, grantValue(route)],
    ...(path ? [[`@${route.name}`, path] satisfies [string, string]] : []),
    ...units,
  ];
}

/** The map file: a line an entry, in a fixed order. */
export function renderMap(routes: ProxyRoutes): string {
  return [...mapEntries(routes)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key} ${value}\n`)
    .join("");
}

/** Only letters, digits, `.`, `_`, `-` and `%XX`: safe in the map, in the runtime API and for HAProxy's `url_dec`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
