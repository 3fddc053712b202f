import { createHash } from "node:crypto";

/** Where a value comes from, the strongest first: ranks of precedence. */
export const SOURCES = ["answer", "platform", "project", "code", "convention", "default"] as const;
export type Source = (typeof SOURCES)[number];

/** What a claim is worth alone. `project` values of a lockfile state `LOCKFILE` themselves. */
export const CONFIDENCE: Record<Source, number> = {
  answer: 1,
  platform: 1,
  project: 1,
  code: 0.85,
  convention: 0.6,
  default: 0.3,
};
export const LOCKFILE = 0.95;

/** Above it a fact is used, between the two it is used and listed as assumed, below `init` asks. */
export const CERTAIN = 0.8;
export const ASSUMED = 0.5;

/** The place that shows a value. */
export interface Evidence {
  file: string;
  /** Both counted from 1. */
  line: number;
  col: number;
  endLine?: number;
  /** Id of what looked: `<collector>.<rule>`. */
  rule: string;
  /** Hash of the line; never its text. */
  hash: string;
}

export type Kind = "web" | "api" | "ssr" | "spa" | "static" | "worker" | "cron" | "job" | "cli" | "library";

export interface EnvironmentVariable {
  name: string;
  class: "provided" | "public" | "secret" | "config";
  phase: "build" | "run";
  required: boolean;
  /** Only of samples and code; never of a real env file, never of a secret. */
  default: string | null;
}

export interface StoreUse {
  kind: string;
  /** What reads it, and the variable that holds its address, where known. */
  variable: string | null;
  version: string | null;
  extensions: string[];
}

/** Facts of a unit, by name. Those of `KeyedFacts` occur once for each key. */
export interface FactValues {
  name: string;
  /** What its manifest and entry points are written in; linguist's spelling: `TypeScript`, `C#`. */
  language: string;
  /** By bytes of code, most first. */
  languages: string[];
  /** `node`, `bun`, `deno`, `python`, `go`, `rust`, `java`, `ruby`, `php`, `dotnet`, `elixir`, `static`; version as it is written. */
  runtime: { name: string; version: string | null };
  /** Id: npm pnpm yarn bun deno pip uv poetry pdm hatch pipenv go cargo maven gradle bundler composer nuget mix … */
  packageManager: string;
  /** Id: `next`, `express`, `django`, `spring-boot`, … (`tables/frameworks.ts`). */
  framework: string;
  kind: Kind;
  install: string;
  build: string;
  test: string;
  /** What runs in the foreground with the programs of the project on PATH: `next start`, `gunicorn app:app --bind 0.0.0.0:${PORT:-8000}`. */
  start: string;
  /** Folder of a built page, relative to the unit. */
  output: string;
  port: number;
  /** Address that it listens on; a loopback one cannot be reached from outside its container. */
  bind: string;
  health: string;
  readiness: string;
  /** Root of the workspace that the unit belongs to, `.` for the repository; images are built from there. */
  workspace: string;
  /** `server` renders at requests, `export` makes files. */
  render: "server" | "export";
  migrations: { tool: string; command: string };
  dockerfile: string;
  metrics: { path: string };
  websocket: { library: string };
  shutdown: { signal: string };
  logging: { library: string; json: boolean };
  cors: { open: boolean };
}
export interface KeyedFacts {
  process: { name: string; command: string };
  cron: { name: string; schedule: string; command: string | null };
  env: EnvironmentVariable;
  store: StoreUse;
  /** A library or service of the same repository that it needs: its folder. */
  internal: { path: string };
  /** Folder with state that outlives a release. */
  state: { path: string; what: string | null };
  /** Package of the operating system. */
  native: { package: string };
  metric: { name: string };
  integration: { name: string };
}
export type FactName = keyof FactValues;
export type KeyedName = keyof KeyedFacts;

/** What one rule says of a unit, before anyone weighed it. */
export interface Claim {
  fact: FactName | KeyedName;
  /** Of a keyed fact: which one. */
  key?: string;
  value: unknown;
  source: Source;
  /** Where it is not what the source is worth. */
  confidence?: number;
  evidence: Evidence[];
}

/** A value that lost, and why. */
export interface Alternative<T = unknown> {
  value: T;
  source: Source;
  confidence: number;
  reason: string;
  evidence: Evidence[];
}

export interface Fact<T = unknown> {
  id: string;
  value: T;
  source: Source;
  confidence: number;
  evidence: Evidence[];
  alternatives: Alternative<T>[];
}

/** A rule that almost said something. */
export interface NearMiss {
  /** Fact it would have been about. */
  fact: string;
  unit: string;
  message: string;
  evidence: Evidence[];
}

/** What shows the place of a value without its words. */
export function lineHash(text: string): string {
  return createHash("sha256").update(text.trim()).digest("hex").slice(0, 16);
}
