import { isIP } from "node:net";
import { type Cookie, parseCookie } from "undici";

/** The cookies of one run. */
export interface CookieJar {
  store(from: URL, setCookie: string | string[] | undefined): void;
  /** The `cookie` header for a request; empty when there is none to send. */
  header(to: URL): string;
  value(name: string): string | undefined;
}

interface Kept {
  cookie: Cookie;
  host: string;
  /** Whether hosts below `host` get it too. */
  below: boolean;
  path: string;
}

/** RFC 6265 as far as one sign-in needs it: host and path match, `Secure`, deletion by age. No public-suffix list: a jar lives for one run. */
export function createCookieJar(now: () => number): CookieJar {
  const jar = new Map<string, Kept>();
  return {
    store: (from, setCookie) => {
      for (const line of setCookie === undefined ? [] : [setCookie].flat()) {
        const cookie = parseCookie(line);
        const kept = cookie && accept(cookie, from);
        if (!kept) continue;
        const key = `${kept.host} ${kept.path} ${kept.cookie.name}`;
        if (expired(kept.cookie, now())) jar.delete(key);
        else jar.set(key, kept);
      }
    },
    header: (to) =>
      [...jar.values()]
        .filter((kept) => matches(kept, to))
        .sort((a, b) => b.path.length - a.path.length)
        .map(({ cookie }) => `${cookie.name}=${cookie.value}`)
        .join("; "),
    value: (name) => [...jar.values()].findLast(({ cookie }) => cookie.name === name)?.cookie.value,
  };
}

function accept(cookie: Cookie, from: URL): Kept | undefined {
  const domain = cookie.domain?.replace(/^\./, "").toLowerCase();
  const path = cookie.path?.startsWith("/") ? cookie.path : from.pathname.replace(/\/[^/]*$/, "") || "/";
  if (!domain || domain === from.hostname)
    return { cookie, host: from.hostname, below: Boolean(domain) && isIP(from.hostname) === 0, path };
  return from.hostname.endsWith(`.${domain}`) ? { cookie, host: domain, below: true, path } : undefined;
}

function expired(cookie: Cookie, now: number): boolean {
  if (cookie.maxAge !== undefined) return cookie.maxAge <= 0;
  return cookie.expires !== undefined && new Date(cookie.expires).getTime() <= now;
}

function matches({ cookie, host, below, path }: Kept, to: URL): boolean {
  if (to.hostname !== host && !(below && to.hostname.endsWith(`.${host}`))) return false;
  if (cookie.secure && to.protocol !== "https:" && !isLoopback(to.hostname)) return false;
  return to.pathname === path || to.pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}

/** Browsers trust the own machine like https; an application in production mode is often checked there. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
