import type { VouchRequest } from "../../contract/requests.ts";
import type { ForeignUnit } from "../../contract/rollout.ts";
import type { PreflightFact } from "../../platforms/platform.ts";
import type { SchemaRange } from "../migrations/schema-range.ts";
import type { Content } from "./content.ts";
import type { Calendar } from "./windows.ts";

/** Somebody vouched for something; `at` in epoch ms. */
export interface Vouch {
  what: string;
  who: string;
  release: string;
  at: number;
  content: Content;
  /** Of the migrations that were tested. */
  checksums: readonly string[];
  note: string | null;
}

/** A release that stands in another environment: it succeeded there and was not rolled back from. `at` in epoch ms. */
export interface Success {
  release: string;
  rollout: string;
  at: number;
  content: Content;
}

/** What a service's migrations would do: those that have not run, and the position of the schema after them. */
export interface MigrationFact {
  service: string;
  checksums: readonly string[];
  position: number | null;
  /** What is wrong with them while the release before runs, for people. */
  unsafe: readonly string[];
}

/** A release one could go back to, with the schemas its services run on as far as it says so. */
export interface WayBack {
  release: string;
  schemas: Record<string, SchemaRange>;
}

/** Everything the pre-flight rests on. Times in epoch ms. */
export interface Facts {
  now: number;
  environment: string;
  /** Contract: the release stays, and the database loses what only older ones need. */
  kind: "deploy" | "contract";
  release: string;
  /** The release that serves now. */
  fromRelease: string | null;
  /** What somebody else runs there and is taken over. */
  foreign?: readonly ForeignUnit[] | undefined;
  /** The release of a rollout that is not at its end. */
  shipping?: string | undefined;
  /** Of the services that change. */
  content: Content;
  require: readonly VouchRequest["what"][];
  approvers: readonly string[];
  vouches: readonly Vouch[];
  after: readonly { environment: string; successes: readonly Success[] }[];
  /** Null: some service has migrations and it is not known which are pending. */
  migrations: readonly MigrationFact[] | null;
  /** Nearest first. */
  waysBack: readonly WayBack[];
  /** Variables that an example file names and nobody set, by file; names only. */
  examples: readonly { file: string; missing: readonly string[] }[];
  /** What the platform says of the target. */
  target: readonly PreflightFact[];
  sev1: readonly { id: string; text: string }[];
  calendar: Calendar;
  /** A person keeps everybody else out. */
  lock: { holder: string; reason: string } | null;
  /** Whether others depend on the environment: it runs on hosts, or asks for facts. */
  guarded: boolean;
}
