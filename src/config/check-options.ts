import { formatDuration } from "../core/duration.ts";

/** The key that gives a check its type, and the further keys such a check may have. */
const OPTIONS = {
  url: ["method", "headers", "json", "body", "expect", "redirects", "max_body", "tls", "ip"],
  tcp: ["send", "expect", "starttls", "servername", "ca", "ip"],
  tls: ["servername", "warn", "issuer", "starttls", "ca", "ip"],
  dns: ["type", "resolver", "rcode", "equals", "contains", "ip"],
  ping: ["count", "max_loss", "ip"],
  browser: ["selector", "no_console_errors", "budget"],
  process: ["max_restarts"],
  postgres: ["query", "expect", "max_connections", "max_lag"],
  redis: ["role", "max_memory"],
  heartbeat: [],
  steps: ["wrong_password", "ip"],
} as const satisfies Record<string, readonly string[]>;
type CheckKey = keyof typeof OPTIONS;

const MIN_BROWSER_EVERY_MS = 300_000;

/** A check whose keys have values of the right kinds. */
interface Check {
  every: number;
  timeout?: number | undefined;
  tls?: unknown;
  expect?: unknown;
}

interface Problem {
  at: string[];
  message: string;
}

/** The key that gives a valid check its type. */
export function checkKey(check: object): CheckKey {
  return checkKeys(check)[0] ?? "url";
}

/** The keys of a check that could give it its type; with `url`, `tls` holds options. */
function checkKeys(check: object): CheckKey[] {
  const keys = (Object.keys(OPTIONS) as CheckKey[]).filter((key) => key in check);
  return keys.includes("url") ? keys.filter((key) => key !== "tls") : keys;
}

/** What is wrong with the keys of a check together; empty when nothing is. */
export function checkMistakes(check: Check): Problem[] {
  const [key, ...others] = checkKeys(check);
  if (key === undefined || others.length > 0)
    return [{ at: [], message: `a check has exactly one of ${Object.keys(OPTIONS).join(", ")}` }];
  return [...foreignKeys(key, check), ...wrongTimes(key, check), ...wrongKinds(key, check)];
}

function foreignKeys(key: CheckKey, check: object): Problem[] {
  const own: readonly string[] = [key, ...OPTIONS[key]];
  return [...new Set<string>(Object.values(OPTIONS).flat())]
    .filter((option) => option in check && !own.includes(option))
    .map((option) => ({ at: [option], message: `a \`${key}\` check has no \`${option}\`` }));
}

function wrongTimes(key: CheckKey, { every, timeout }: Check): Problem[] {
  const longest = longestTimeout(every);
  if (timeout === 0) return [{ at: ["timeout"], message: "must be above 0" }];
  if (key === "browser" && every < MIN_BROWSER_EVERY_MS)
    return [{ at: ["every"], message: "a `browser` check runs every 5m or less often" }];
  if (timeout === undefined || timeout <= longest) return [];
  const message = `a run may take at most half of \`every\`, or runs would catch up with each other: ${formatDuration(longest)}`;
  return [{ at: ["timeout"], message }];
}

/** Keys whose values depend on the type of the check. */
function wrongKinds(key: CheckKey, { tls, expect }: Check): Problem[] {
  if (key === "url" && typeof tls === "string")
    return [{ at: ["tls"], message: "with `url`, `tls` has the keys ca, cert and key" }];
  if (key === "tls" && typeof tls !== "string") return [{ at: ["tls"], message: "must be host:port" }];
  if (expect === undefined) return [];
  const ofHttp = typeof expect === "object" && expect !== null && "status" in expect;
  if (key === "url" && !ofHttp) return [{ at: ["expect"], message: "must have keys such as status and body" }];
  const ofText = typeof expect === "object" && expect !== null && ("contains" in expect || "lacks" in expect);
  if (key === "postgres" && (ofHttp || ofText))
    return [{ at: ["expect"], message: "must be a value, or have keys such as above and below" }];
  return key === "tcp" && ofHttp
    ? [{ at: ["expect"], message: "must be text, or have keys such as contains and matches" }]
    : [];
}

/** The longest a run may take, in milliseconds: half the interval; under 2 s, where that would be a hiccup, up to 1 s. */
export function longestTimeout(everyMs: number): number {
  return Math.max(everyMs / 2, Math.min(1_000, everyMs));
}
