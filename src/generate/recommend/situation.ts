import type { ScanReport } from "../../contract/scan.ts";
import { wantText } from "../../contract/scan-words.ts";
import { recordAt } from "../../formats/document.ts";

/** A property of the application that platforms differ in, with where it was seen. */
export interface Seen {
  what: string;
  at: string;
}

/** The application as a recommendation sees it. */
export interface Situation {
  /** The file and line that shows a fact. */
  places(fact: string): string;
  services: ScanReport["services"];
  pages: Seen[];
  servers: Seen[];
  workers: Seen[];
  crons: Seen[];
  sockets: Seen[];
  /** Folders that must outlive a release. */
  state: Seen[];
  /** Those of them that a database writes. */
  databases: Seen[];
  /** Programs of the operating system that code starts, and that are too large for a function. */
  large: Seen[];
  stores: Seen[];
  migrations: Seen[];
  /** Platforms it is set up for, by id. */
  inUse: Seen[];
  /** USD a month, if somebody said so. */
  budget: { usd: number; at: string } | undefined;
  /** One in another currency: nothing here knows a rate of a certain day. */
  foreignBudget: Seen | undefined;
  regions: Seen[];
  compliance: Seen[];
  /** Of many, or many requests: the place that says so. */
  load: Seen | undefined;
  /** Somebody asked that a release is not noticed. */
  zeroDowntime: Seen | undefined;
  /** At most this many seconds of data may be lost. */
  recovery: Seen | undefined;
  /** It is to run on machines of its own. */
  ownHosts: Seen | undefined;
  /** Connections that stay open are asked for. */
  realtime: Seen | undefined;
  wanted: Seen[];
  /** How many replicas are asked for. */
  scale: { min: number | null; max: number | null; at: string } | undefined;
  /** How much its stores are to hold. */
  dataGb: { gb: number; at: string } | undefined;
  /** What is not to be used. */
  refused: Seen[];
}

/** From here on load decides what is taken. */
const MANY = { requests: 100, atOnce: 1_000, users: 50_000, monthly: 200_000 };
const LARGE = /chromium|chrome|ffmpeg|libreoffice|wkhtmltopdf|imagemagick|tesseract|texlive|ghostscript/i;

/** What decides, taken out of a scan. Pure. */
export function situationOf(report: ScanReport): Situation {
  const { services, facts, platforms, requirements } = report;
  const at = (id: string) => {
    const first = facts[id]?.evidence[0];
    return first ? `${first.file}:${first.line}` : "nowhere certain";
  };
  const kinds = (...some: string[]) =>
    services
      .filter(({ kind }) => kind !== null && some.includes(kind))
      .map(({ name }) => ({ what: name, at: at(`${name}.kind`) }));
  const named = (part: string) =>
    Object.keys(facts)
      .filter((id) => id.split(".")[1] === part)
      .map((id) => ({ what: id.split(".").slice(2).join(".") || (id.split(".")[0] ?? ""), at: at(id) }));
  const wants = (id: string) => requirements.filter((requirement) => requirement.id === `want.${id}`);
  const listed = (id: string): Seen[] =>
    wants(id).flatMap(({ value, file, line }) =>
      [value].flat().map((item) => ({ what: String(item), at: `${file}:${line}` })),
    );
  const first = (id: string, isMeant: (value: unknown) => boolean = (value) => value === true): Seen | undefined => {
    const found = wants(id).find(({ value }) => isMeant(value));
    return (
      found && {
        what: wordsOf(id, found.value),
        at: `${found.file}:${found.line}`,
      }
    );
  };
  const above = (most: number) => (value: unknown) => typeof value === "number" && value > most;
  const processes = services.flatMap(({ name, processes: more }) =>
    more
      .filter((process) => !["web", "release"].includes(process.name))
      .map((process) => ({ what: `${name} ${process.name}`, at: at(`${name}.process.${process.name}`) })),
  );
  return {
    places: at,
    services,
    pages: kinds("spa", "static"),
    servers: kinds("web", "api", "ssr"),
    workers: [...kinds("worker"), ...processes],
    crons: [
      ...kinds("cron", "job"),
      ...services.flatMap(({ name, crons }) =>
        crons
          // A path is asked by the clock of the platform, as any other request.
          .filter(({ name: path, command }) => !(command ?? path).startsWith("/"))
          .map((cron) => ({ what: cron.name, at: at(`${name}.cron.${cron.name}`) })),
      ),
    ],
    sockets: named("websocket"),
    state: named("state"),
    databases: named("state").filter((_, index) => stateOf(facts)[index] === "database"),
    large: named("native").filter(({ what }) => LARGE.test(what)),
    stores: named("store"),
    // What the build runs has been run before a release.
    migrations: services
      .filter(({ migrations, build }) => migrations && !build?.includes(migrations.command))
      .map(({ name }) => ({ what: name, at: at(`${name}.migrations`) })),
    inUse: platforms.map(({ id, file }) => ({ what: id, at: file })),
    budget: budgetOf(wants("budget")[0]),
    foreignBudget: foreignBudgetOf(wants("budget")[0]),
    regions: listed("regions"),
    compliance: listed("compliance"),
    load:
      first("requests-per-second", above(MANY.requests)) ??
      first("concurrent-users", above(MANY.atOnce)) ??
      first("users", above(MANY.users)) ??
      first("daily-users", above(MANY.users)) ??
      first("monthly-users", above(MANY.monthly)) ??
      first("autoscaling"),
    zeroDowntime: first("zero-downtime") ?? first("availability", (value) => Number(value) >= 99.95),
    recovery: first("rpo", (value) => typeof value === "number" && value <= 900),
    ownHosts: first("own-hosts"),
    realtime: first("realtime"),
    wanted: listed("platforms"),
    scale: scaleOf(wants("scale")[0]),
    dataGb: dataOf(wants("data-size")),
    refused: listed("without"),
  };
}

/** A requirement in words: `rpo 15 min`, `10000 requests per second`. */
function wordsOf(id: string, value: unknown): string {
  const name = id.replaceAll("-", " ");
  if (value === true) return name;
  return id === "requests-per-second" ? `${value} ${name}` : `${name} ${wantText(`want.${id}`, value)}`;
}

function scaleOf(want: ScanReport["requirements"][number] | undefined): Situation["scale"] {
  if (!want) return undefined;
  const { min, max } = recordAt(want.value);
  const count = (value: unknown) => (typeof value === "number" && value > 0 ? value : null);
  return { min: count(min), max: count(max), at: `${want.file}:${want.line}` };
}

/** The greatest of several sizes. */
function dataOf(wants: ScanReport["requirements"]): Situation["dataGb"] {
  const [most] = wants
    .flatMap(({ value, file, line }) =>
      typeof value === "number" ? [{ gb: value / 2 ** 30, at: `${file}:${line}` }] : [],
    )
    .sort((a, b) => b.gb - a.gb);
  return most;
}

function budgetOf(want: ScanReport["requirements"][number] | undefined): Situation["budget"] {
  const { amount, currency, per } = recordAt(want?.value);
  if (!want || typeof amount !== "number" || currency !== "USD") return undefined;
  return { usd: per === "year" ? amount / 12 : amount, at: `${want.file}:${want.line}` };
}

function foreignBudgetOf(want: ScanReport["requirements"][number] | undefined): Seen | undefined {
  const { currency } = recordAt(want?.value);
  return want && typeof currency === "string" && currency !== "USD"
    ? { what: currency, at: `${want.file}:${want.line}` }
    : undefined;
}

/** What each folder of state holds, in the order of the facts. */
function stateOf(facts: ScanReport["facts"]): unknown[] {
  return Object.entries(facts)
    .filter(([id]) => id.split(".")[1] === "state")
    .map(([, { value }]) => recordAt(value).what);
}
