import type { ScanFact, ScanReport } from "./scan.ts";

/** From here on a fact is used without a word; from `ASSUMED` on it is used and told as assumed; below it is not used. */
export const CERTAIN = 0.8;
export const ASSUMED = 0.5;

/** What people ask first. */
const ORDER =
  "kind framework language runtime packageManager install build test start output port bind health readiness migrations process cron env store".split(
    " ",
  );

/** How a requirement reads that is more than a name or a number. */
const WANTS: Record<string, (value: never) => string> = {
  p50: milliseconds,
  p90: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  availability: (value: number) => `${value} %`,
  rpo: seconds,
  rto: seconds,
  "requests-per-second": (value: number) => `${value} per second`,
  "retention-days": (value: number) => `${value} days`,
  "data-size": bytes,
  budget: ({ amount, currency, per }: { amount: number; currency: string; per: string }) =>
    `${amount} ${currency} per ${per}`,
  scale: ({ min, max }: { min: number | null; max: number | null }) =>
    [min !== null && `from ${min}`, max !== null && `up to ${max}`].filter(Boolean).join(" "),
};

function milliseconds(value: number): string {
  return value < 1_000 ? `${value} ms` : seconds(value / 1_000);
}

/** In the greatest unit that leaves no rest: of 90 minutes that is the minute. */
function seconds(value: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ];
  const [size, unit] = units.find(([one]) => value >= one && value % one === 0) ?? [1, "s"];
  return `${value / size} ${unit}`;
}

function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(value) / 10)));
  return `${Number((value / 2 ** (10 * power)).toFixed(1))} ${units[power]}`;
}

/** The value of a requirement in words, by its id: `want.p95`. */
export function wantText(id: string, value: unknown): string {
  const name = id.replace(/^want\./, "");
  const words = Object.hasOwn(WANTS, name) ? WANTS[name] : undefined;
  return words && value !== null ? words(value as never) : factText("want", value);
}

/** How a fact of that name reads; for others their value is written as data. */
const WORDS: Record<string, (value: Record<string, unknown>) => string> = {
  runtime: ({ name, version }) => `${name}${version === null ? ", any version" : ` ${version}`}`,
  migrations: ({ tool, command }) => `${tool}: ${command}`,
  process: ({ command }) => String(command),
  cron: ({ schedule, command }) => `${schedule}${command === null ? "" : `  ${command}`}`,
  store: ({ kind, version, variable }) => [kind, version, variable && `in ${variable}`].filter(Boolean).join(" "),
  internal: ({ path }) => String(path),
  state: ({ path, what }) => `${path} (${what})`,
  native: (value) => String(value.package),
  integration: ({ name }) => String(name),
  metric: ({ name }) => String(name),
  metrics: ({ path }) => String(path),
  websocket: ({ library }) => String(library),
  shutdown: ({ signal }) => `on ${signal}`,
  logging: ({ library, json }) => `${library}, ${json ? "JSON" : "words"}`,
  cors: ({ open }) => (open ? "every origin" : "named origins"),
  env: (value) =>
    [
      value.class,
      value.phase === "build" && "at the build",
      !value.required && "optional",
      value.default !== null && `default ${value.default}`,
    ]
      .filter(Boolean)
      .join(", "),
};

/** The value of a fact in words; they come from the repository and may hold anything. */
export function factText(name: string, value: unknown): string {
  const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  if (words && typeof value === "object" && value !== null) return words(value as Record<string, unknown>);
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
  return JSON.stringify(value) ?? "";
}

export interface OwnFact {
  /** Without the name of the service. */
  id: string;
  /** Without the key. */
  name: string;
  fact: ScanFact;
}

/** The facts of a service, those that people ask first in front. */
export function ownFacts(service: string, facts: ScanReport["facts"]): OwnFact[] {
  const prefix = `${service}.`;
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return Object.entries(facts)
    .filter(([id]) => id.startsWith(prefix))
    .map(([id, fact]) => ({ id: id.slice(prefix.length), name: id.slice(prefix.length).split(".")[0] ?? "", fact }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.id < b.id ? -1 : 1));
}
