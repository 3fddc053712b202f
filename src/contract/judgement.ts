import type { JournalEntry, Rollout } from "./rollout.ts";

/** What the judge noted in the journal: the e-value of a metric of a service at a moment (ms since the epoch). */
export interface JudgeNote {
  service: string;
  metric: string;
  evidence: number;
  needed: number;
  at: number;
}

/** The judge's notes of a rollout, oldest first. */
export function judgeNotes(journal: readonly JournalEntry[]): JudgeNote[] {
  return journal.flatMap((entry) => noteOf(entry) ?? []).sort((a, b) => a.at - b.at);
}

/** A journal entry as the judge's note; undefined when it is none. */
export function noteOf({ key, target, payload, at }: JournalEntry): JudgeNote | undefined {
  const { metric, evidence, needed } = payload;
  if (!key.startsWith("judge:") || typeof metric !== "string") return undefined;
  if (typeof evidence !== "number" || typeof needed !== "number") return undefined;
  const when = typeof payload.at === "number" ? payload.at : Date.parse(String(payload.at ?? at));
  return { service: target ?? "", metric, evidence, needed, at: Number.isNaN(when) ? Date.parse(at) : when };
}

/** An e-value in three digits at most: `0.02`, `3.1`, `412`, `12,000`; below 0.01 `under 0.01`. */
export function evidenceText(evidence: number): string {
  if (evidence < 0.01) return "under 0.01";
  return Number(evidence.toPrecision(evidence < 1 ? 1 : 3)).toLocaleString("en-US");
}

/** Why a rollout waits for a person's promote or abort; undefined when it does not. */
export function openQuestion({ state, journal }: Pick<Rollout, "state" | "journal">): string | undefined {
  if (state !== "ANALYZING") return undefined;
  const last = journal.findLast(({ key }) => /^(held|judged|shifted):/.test(key));
  if (!last?.key.startsWith("held:")) return undefined;
  const { why } = last.payload;
  return typeof why === "string" ? why : "too few requests came to tell whether the new release is worse";
}
