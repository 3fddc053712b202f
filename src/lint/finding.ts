import type { Place } from "../formats/document.ts";

/** `error` keeps files from being written and fails `check`. */
export type Severity = "error" | "warning" | "note";

/** A replacement of the text between two offsets. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A change that mends a finding and cannot break what worked. */
export interface Fix {
  description: string;
  edits: Edit[];
}

/** What a rule says of a file. */
export interface Finding {
  /** `SM07`; validators and the secret scan have ids of their own: `compose-schema`, `secret-aws-key`. */
  rule: string;
  severity: Severity;
  file: string;
  line: number;
  column?: number;
  endLine?: number;
  message: string;
  fix?: Fix;
  /** Why it does not count, where somebody wrote so. */
  suppressed?: { reason: string; by: "comment" | "manifest" };
}

/** A finding before the file and the severity of its rule are added. */
export interface Complaint extends Place {
  message: string;
  endLine?: number;
  /** Where one case of a rule is graver or milder than the rule. */
  severity?: Severity;
  fix?: Fix;
}
