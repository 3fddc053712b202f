import type { Gap, ScannedService } from "../contract/scan.ts";
import type { Tree } from "../formats/tree.ts";
import type { Finding } from "../lint/finding.ts";
import type { Suppression } from "../lint/suppressions.ts";
import type { Pins } from "./pins.ts";

/** Platforms that files are generated for. */
export const TARGETS = ["compose", "railway", "vercel", "kubernetes", "aws", "gcp", "azure"] as const;
export type Target = (typeof TARGETS)[number];

/** How traffic and time reach a service. */
export type Role = "http" | "static" | "worker" | "cron" | "job";

export interface PlannedStore {
  /** As the manifest calls it: `db`, `cache`. */
  name: string;
  kind: "postgres" | "mysql" | "mariadb" | "mongodb" | "redis" | "rabbitmq" | "kafka" | "elasticsearch" | "s3";
  /** Major version, or null for the pinned default. */
  version: string | null;
  /** Variables that hold its address, in the services that use it. */
  variables: string[];
  extensions: string[];
}

/** Drivers by database, as addresses name them: `{ postgres: "asyncpg" }` for `postgresql+asyncpg://`. */
export type SqlDrivers = Partial<Record<PlannedStore["kind"], string>>;

export interface PlannedVariable {
  name: string;
  class: "provided" | "public" | "secret" | "config";
  phase: "build" | "run";
  required: boolean;
  /** Never of a secret. What code falls back to, or a sample for developers. */
  default: string | null;
  /** Whether the manifest says `default`: then it is the value wherever it runs. */
  decided?: boolean;
  /** What it is on the machine where one works, where that is another value. */
  working?: string;
  /** What it is on platforms that need a value of their own. */
  on?: Partial<Record<Target, string>>;
  /** How the address is written, where not as `postgresql://…`. */
  form?: "jdbc";
  /** Name of the store whose address it holds. */
  store: string | null;
}

/** Names that a service answers for, and the variable that lists them; requests for others are refused. */
export interface AnsweredHosts {
  variable: string | null;
  /** Between the names of the variable. */
  separator: string;
  /** Those of the code: all of them without a variable, else what it falls back to. */
  hosts: string[];
}

/** Everything that files say of a service comes from here, so that no two files differ. */
export interface PlannedService {
  name: string;
  /** Folder from the root; `.` is the root. */
  path: string;
  /** One of several programs of that folder. */
  program: string | null;
  role: Role;
  kind: NonNullable<ScannedService["kind"]>;
  language: string | null;
  runtime: { name: string; version: string | null };
  packageManager: string | null;
  /** Path of the lockfile from the root. */
  lockfile: string | null;
  framework: string | null;
  /** Root of the workspace whose lockfile it shares; null where it stands alone. */
  workspace: string | null;
  /** Folders of the repository it is built with, itself not among them. */
  internal: string[];
  install: string | null;
  build: string | null;
  test: string | null;
  /** One command line; `${PORT:-3000}` where the program takes a port. */
  start: string | null;
  /** Folder of the built page, relative to `path`. */
  output: string | null;
  /** A page whose routes live in the browser: unknown paths get index.html. */
  spa: boolean;
  /** Null for workers and jobs. */
  port: number | null;
  /** Liveness; null where an open port has to do. */
  health: string | null;
  readiness: string | null;
  /** Further programs of the same image. */
  processes: { name: string; command: string }[];
  crons: { name: string; schedule: string; command: string | null }[];
  env: PlannedVariable[];
  /** Names of the stores it uses. */
  stores: string[];
  migrations: { tool: string; command: string } | null;
  websocket: boolean;
  /** Path and names of exported metrics; null without. */
  metrics: { path: string; names: string[] } | null;
  jsonLogs: boolean;
  gracefulStop: boolean;
  /** Folders relative to `path` that outlive a release. */
  state: string[];
  /** Packages of the operating system it needs. */
  native: string[];
  /** Drivers that addresses of its databases have to name. */
  sqlDrivers: SqlDrivers;
  /** Whether its client of PostgreSQL takes `sslmode=require` for a check of the certificate. */
  checkedTls: boolean;
  /** Null where it answers for any name. */
  answered: AnsweredHosts | null;
  /** Repository of its image: `ghcr.io/acme/shop-api`. */
  image: string;
  replicas: number;
  scale: { min: number; max: number; cpu: number; memory: number };
  /** Share of a core, and MiB. */
  resources: { cpu: number; memory: number };
  /** Seconds. */
  drain: number;
  grace: number;
  startup: number;
  critical: boolean;
  dependsOn: string[];
  /** Dockerfile it is built with, from the root, and whether the repository has one that people wrote: then what that tells. */
  dockerfile: { path: string; foreign: boolean; own?: OwnImage };
  /** Where each field comes from, in words: `package.json:12 (javascript.script)`, `stationmaster.yaml:7`. */
  origin: Record<string, string>;
}

/** An image whose Dockerfile people wrote. */
export interface OwnImage {
  /** Folder that its program starts in; null where nothing tells it. */
  home: string | null;
  /** Who it runs as: `app`, `1000:1000`; null where nothing tells it. */
  user: string | null;
  /** Whether programs of installed packages are found by their name. */
  programs: boolean;
}

export interface PlannedEnvironment {
  name: string;
  target: Target | "local" | "none";
  /** Branch that is deployed to it. */
  branch: string | null;
  production: boolean;
  preview: boolean;
  /** The manifest has none of this kind: it is what files are written for. */
  assumed?: true;
}

/** What is to be written, decided: the manifest where it says something, facts elsewhere. */
export interface Plan {
  project: string;
  /** owner/name on GitHub, if known. */
  repository: string | null;
  defaultBranch: string;
  target: Target;
  services: PlannedService[];
  stores: PlannedStore[];
  environments: PlannedEnvironment[];
  /** Domain people open, if known. */
  domain: string | null;
  /** `origin` is the line that asks for the region. */
  cloud: { provider: "aws" | "gcp" | "azure"; region: string; origin?: string };
  /** Pipelines that the repository has or gets. */
  ci: "github-actions" | "gitlab" | "jenkins";
  /** Ids of the platforms it has files of already. */
  platforms: string[];
  kinds: string[];
  own: Record<string, Ownership>;
  suppressions: Suppression[];
  pins: Pins;
  /** The repository as it is. */
  tree: Tree;
  /** What the application lacks, with the code that would add it. */
  gaps: Gap[];
  /** What was assumed, for people. */
  assumptions: string[];
  /** What the manifest says and the code says otherwise. */
  contradictions: Finding[];
}

/** Who a file belongs to: merged at each run, written once, a marked part of it, or not touched. */
export type Ownership = "managed" | "seed" | "patch" | "off";
