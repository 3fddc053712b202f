import { hostsInWords } from "../../../src/contract/host-standing.ts";
import { hostSteps } from "../../../src/contract/host-steps.ts";
import { evidenceText, type JudgeNote, openQuestion } from "../../../src/contract/judgement.ts";
import type { Rollout } from "../../../src/contract/rollout.ts";
import { sentence } from "./format.ts";
import { rolloutTone, type Tone } from "./states.ts";

/** What was decided about a rollout, why and by whom, and what to do next. */
export interface Decision {
  tone: Tone;
  what: string;
  why: string;
  next: string | null;
}

const DECIDERS: readonly [code: RegExp, who: string][] = [
  [/^SM-CANARY-/, "by the judge"],
  [/^SM-(GUARD-|UNIT-)/, "by a guard"],
];

/** Undefined where the state says it all: a rollout on one place that asks nobody. */
export function decisionOf(rollout: Rollout, readings: readonly JudgeNote[]): Decision | undefined {
  const question = openQuestion(rollout);
  if (question) return asked(rollout, question);
  const steps = hostSteps(rollout);
  if (!steps) return undefined;
  const { state, release, fromRelease, failure, reason } = rollout;
  const hosts = hostsInWords(steps);
  const tone = rolloutTone(state);
  const why = failure?.message ?? reason ?? "";
  const by = DECIDERS.find(([code]) => code.test(failure?.code ?? reason ?? ""))?.[1];
  const next = failure?.next ?? null;
  switch (state) {
    case "STUCK":
      return { tone, what: `Stopped where it was, a person decides (${hosts})`, why, next };
    case "ROLLED_BACK":
    case "ROLLING_BACK": {
      const verb = state === "ROLLED_BACK" ? "Rolled back" : "Being rolled back";
      return { tone, what: [verb, `to ${fromRelease ?? "nothing"}`, by].filter(Boolean).join(" "), why, next };
    }
    case "FAILED":
    case "CLEANING":
      return { tone, what: ["Given up before any user saw it", by].filter(Boolean).join(" "), why, next };
    case "SUCCEEDED":
      return { tone, what: `${release} serves all ${steps.rows.length} hosts`, why: judged(readings, "found"), next };
    case "SUPERSEDED":
      return { tone, what: "A newer release took its place", why, next };
    default:
      return { tone, what: sentence(hosts), why: judged(readings, "has found"), next };
  }
}

function asked({ release, fromRelease }: Rollout, question: string): Decision {
  return {
    tone: "warn",
    what: "A person decides: the judge cannot tell",
    why: question,
    next: `promote gives ${release} all requests, abort gives them back to ${fromRelease ?? "nobody"}`,
  };
}

/** What the judge holds against a release that it did not fail. */
function judged(readings: readonly JudgeNote[], verb: string): string {
  const newest = new Map(readings.map((reading) => [`${reading.service} ${reading.metric}`, reading]));
  const worst = [...newest.values()].sort((a, b) => b.evidence - a.evidence)[0];
  if (!worst) return "";
  const { service, metric, evidence, needed } = worst;
  return `the judge ${verb} nothing against it (most evidence: ${metric} of ${service}, ${evidenceText(evidence)} of ${evidenceText(needed)})`;
}
