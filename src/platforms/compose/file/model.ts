import type { File, Infrastructure, Service } from "./schema.ts";

/** A service that we run. `environment` has its texts as they are written: `composeEnvironment` replaces the variables. */
export type ComposeService = Service;

export interface ComposeFile extends Omit<File, "services"> {
  /** Absolute folder that its relative paths start from. */
  dir: string;
  /** Of the application: what the manifest lists and the file has. */
  services: Record<string, ComposeService>;
  /** Everything else but services of a profile: left to Compose. */
  infrastructure: Record<string, Infrastructure>;
  /** All that is left to Compose, as data. May hold secrets. */
  document: { services: Record<string, Record<string, unknown>> } & Record<string, unknown>;
  /** Names of the variables that the file takes from the environment. */
  variables: string[];
  /** For who reads the plan: what is ignored, which variables are not set. */
  notes: string[];
}
