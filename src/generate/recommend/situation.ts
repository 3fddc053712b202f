import type { ScanReport } from "../../contract/scan.ts";
import { recordAt } from "../../formats/document.ts";

/** A property of the application that platforms differ in, with where it was seen. */
export interface Seen {
  what: string;
  at: string;
}

/** The application as a recommendation sees it. */
export interface Situation {
  services: ScanReport["services"];
  pages: Seen[];
  servers: Seen[];
  workers: Seen[];
  crons: Seen[];
  sockets: Seen[];
  /** Folders that must outlive a release. */
  state: Seen[];
  stores: Seen[];
  migrations: Seen[];
  /** Platforms it is set up for, by id. */
  inUse: Seen[];
  /** USD a month, if somebody said so. */
  budget: { usd: number; at: string } | undefined;
  regions: Seen[];
  compliance: Seen[];
  users: number | undefined;
  wanted: Seen[];
}

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
  const processes = services.flatMap(({ name, processes: more }) =>
    more
      .filter((process) => !["web", "release"].includes(process.name))
      .map((process) => ({ what: `${name} ${process.name}`, at: at(`${name}.process.${process.name}`) })),
  );
  return {
    services,
    pages: kinds("spa", "static"),
    servers: kinds("web", "api", "ssr"),
    workers: [...kinds("worker"), ...processes],
    crons: [...kinds("cron"), ...named("cron")],
    sockets: named("websocket"),
    state: named("state"),
    stores: named("store"),
    migrations: services
      .filter(({ migrations }) => migrations)
      .map(({ name }) => ({ what: name, at: at(`${name}.migrations`) })),
    inUse: platforms.map(({ id, file }) => ({ what: id, at: file })),
    budget: budgetOf(wants("budget")[0]),
    regions: listed("regions"),
    compliance: listed("compliance"),
    users: usersOf(wants("users")[0]?.value ?? wants("monthly-users")[0]?.value),
    wanted: listed("platforms"),
  };
}

function budgetOf(want: ScanReport["requirements"][number] | undefined): Situation["budget"] {
  const { amount, currency, per } = recordAt(want?.value);
  if (!want || typeof amount !== "number" || currency !== "USD") return undefined;
  return { usd: per === "year" ? amount / 12 : amount, at: `${want.file}:${want.line}` };
}

function usersOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
