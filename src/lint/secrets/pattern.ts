import type { Severity } from "../finding.ts";
import { isPublicValue } from "./checks.ts";
import { entropy, isPlaceholder } from "./value.ts";

/** What one kind of secret looks like. */
export interface SecretPattern {
  /** Rule id of its findings: `secret-github-token`. */
  id: string;
  /** For people: `a GitHub token`. */
  title: string;
  /** A text holds at least one of these, or no secret of the kind. */
  hints: readonly string[];
  /** Global; its first group, or the whole, is the secret. */
  pattern: RegExp;
  /** `proven` where the format shows that it was issued: then it counts in tests too. */
  judge(value: string, text: string): Verdict;
}

/** How sure it is; undefined where it is no secret. */
export type Verdict = { severity: Severity; proven?: boolean } | undefined;

export const ERROR: Verdict = { severity: "error" };
export const WARNING: Verdict = { severity: "warning" };
export const LEAST_ENTROPY = 3;

/** Everything but made-up values. */
export function judgeByLook(value: string): Verdict {
  return isPlaceholder(value) || isPublicValue(value) || entropy(value) < LEAST_ENTROPY ? undefined : ERROR;
}

/** A kind of secrets; without a judge of its own everything but made-up values counts. */
export function row(
  id: string,
  title: string,
  hints: readonly string[],
  pattern: RegExp,
  judge: SecretPattern["judge"] = judgeByLook,
): SecretPattern {
  return { id: `secret-${id}`, title, hints, pattern, judge };
}
