import type { Told } from "./receiver.ts";

/** How each monitor is set where its own defaults are not what is compared; milliseconds. */
export interface Equal {
  everyMs: number;
  /** An answer should take at most so long. */
  latencyMs: number;
}

export interface WatcherOptions {
  /** Addresses to ask, by name. */
  targets: ReadonlyMap<string, string>;
  /** Undefined: its own defaults. */
  equal: Equal | undefined;
  /** An address for its messages; `read` says what one means. */
  hook(read: (body: unknown) => Told): string;
}

/** A monitor that runs. */
export interface Watcher {
  /** How it is set, for people. */
  settings: string;
  /** After so long each target has been asked, ms. */
  coveredMs: number;
  /** The names of the targets that it holds for down right now. */
  down(): Promise<string[]>;
  stop(): Promise<void>;
}
