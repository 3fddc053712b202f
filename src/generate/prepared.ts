import type { Finding } from "../lint/finding.ts";
import type { BaseIndex } from "./base-store.ts";
import type { Action, Outcome } from "./merge/merge.ts";
import type { RenderedFile } from "./render.ts";

export interface PreparedFile extends Outcome {
  path: string;
  file: RenderedFile | undefined;
  before: string | undefined;
}

/** What would be written, judged, before a byte of it is. */
export interface Prepared {
  files: PreparedFile[];
  index: BaseIndex;
  findings: Finding[];
  /** Findings that keep everything from being written. */
  blocking: Finding[];
  notes: string[];
}

/** Whether an action changes the file. */
export function changes({
  action,
  text,
  before,
}: {
  action: Action;
  text: string | undefined;
  before: string | undefined;
}): boolean {
  return action !== "keep" && text !== before;
}

/** Where the file that the generator wanted lies, beside the one that stays. */
export function proposedPath(path: string): string {
  return `${path}.proposed`;
}
