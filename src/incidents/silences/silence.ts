import { hostOf } from "../../contract/check.ts";
import type { Severity } from "../../contract/incident.ts";
import type { SilenceMatcher } from "../../contract/silence.ts";
import { isInSpan, type Spans } from "../../core/recurrence.ts";
import { idsMeant } from "../../watch/check-id.ts";

/** A time in which nothing opens or pages. Times are epoch ms; null: without beginning or end, as windows of the manifest are. */
export interface Hush {
  id: string;
  kind: "silence" | "maintenance";
  matcher: SilenceMatcher;
  author: string | null;
  reason: string;
  fromAt: number | null;
  untilAt: number | null;
  recurrence: Spans | null;
}

/** What may be silenced: an incident by its checks, or one check. */
export interface HushSubject {
  environment: string;
  service: string | null;
  checks: readonly string[];
}

/** Whether it holds at `at` (epoch ms); the end itself does not belong to it. */
export function isActive({ fromAt, untilAt, recurrence }: Hush, at: number): boolean {
  if ((fromAt !== null && at < fromAt) || (untilAt !== null && at >= untilAt)) return false;
  return recurrence === null || isInSpan(recurrence, at);
}

/** Whether all of the subject is what it is about; severity apart, which an incident learns of later. */
export function matches({ matcher }: Pick<Hush, "matcher">, subject: HushSubject): boolean {
  const { service, check, environment } = matcher;
  if (environment !== undefined && environment !== subject.environment) return false;
  if (service !== undefined && service !== subject.service) return false;
  if (check === undefined) return true;
  const meant = idsMeant(check, subject.environment);
  return subject.checks.length > 0 && meant.some((name) => subject.checks.every((id) => isCheck(id, name)));
}

/** Whether `id` is the check `name`, or that check on one of several hosts. */
export function isCheck(id: string, name: string): boolean {
  return id === name || (hostOf(name) === null && hostOf(id) !== null && id.startsWith(`${name}@`));
}

/** Something that keeps an incident quiet: what fails above it, or a silence; where a severity is named, while it is of that one. */
export interface Hold {
  by: string;
  severity?: Severity | undefined;
}

/** Whether what keeps an incident quiet is a silence and no trouble elsewhere. */
export function isSilence(by: string): boolean {
  return by.startsWith("sil-") || by.startsWith("maintenance.");
}

/** The silences that hold for the subject at `at` (epoch ms). */
export function holdsOf(hushes: readonly Hush[], subject: HushSubject, at: number): Hold[] {
  return hushes
    .filter((hush) => matches(hush, subject) && isActive(hush, at))
    .map(({ id, matcher: { severity } }) => ({ by: id, severity }));
}
