import type { RemediesConfig } from "../config/schema.ts";
import type { Verdict } from "../contract/check.ts";
import type { Evidence, IncidentAction, IncidentState, RemedyKind, Severity } from "../contract/incident.ts";
import type { MessageKind } from "../notify/message.ts";
import type { Family, VerdictEvent } from "../watch/types.ts";

/** A remedy that touches the service; `escalate` calls a person. */
export type Remedy = Exclude<RemedyKind, "escalate">;

/** What one check says, as far as this incident has heard. Times are epoch ms. */
export interface Member {
  verdict: Verdict;
  class: string | null;
  detail: string | null;
  critical: boolean;
  everyMs: number;
  since: number;
  /** In how many places the same is asked; left out: in one, or nobody knows. */
  places?: number | undefined;
  /** Whether it was confirmed to fail in this occurrence. */
  failed: boolean;
}

/**
 * Where the healing stands. evidence → choosing → acting → verifying → choosing → … → done. `waiting` is choosing later
 * (pacing, or a veto that passes), `proposed` waits for a person, `idle` has nothing to do.
 */
export type HealingPhase = "idle" | "evidence" | "choosing" | "waiting" | "proposed" | "acting" | "verifying" | "done";

export interface Healing {
  phase: HealingPhase;
  /** The next rung of the ladder. */
  step: number;
  /** When the phase times out, epoch ms. */
  until: number | null;
  /** Background work begun so far; `pending` is the one whose answer is awaited, others are too late and ignored. */
  works: number;
  pending: number | null;
  /** Actions so far, and the one under way. */
  actions: number;
  action: number | null;
  remedy: Remedy | null;
  /** Event number of the evidence the plan rests on. */
  evidenceSeq: number | null;
  vetoedSince: number | null;
  lastRestartAt: number | null;
  redeployed: boolean;
  /** Who allowed the plan in propose mode, for this occurrence. */
  approvedBy: string | null;
  /** Why nothing more is tried. */
  reason: string | null;
  /** Whether that reason deserves a person whatever the severity. */
  failed: boolean;
  /** The remedy after which the checks passed: `restart of api (1 of 2)`. */
  worked: string | null;
  /** Whether the person who acknowledged was told that the machine has stopped. */
  handed: boolean;
}

interface Acknowledgement {
  actor: string;
  note: string | null;
  at: number;
  until: number;
}

/** An incident as the decisions see it. Times are epoch ms. */
export interface IncidentRecord {
  id: string;
  key: string;
  environment: string;
  service: string | null;
  component: string;
  family: Family;
  state: IncidentState;
  severity: Severity;
  symptom: string;
  occurrence: number;
  /** The incident of the same key before this one, within 7 days. */
  previous: string | null;
  /** Timeline events so far. */
  events: number;
  escalated: boolean;
  /** No more healing until a person says so. */
  frozen: boolean;
  acknowledged: Acknowledgement | null;
  members: Record<string, Member>;
  healing: Healing;
  evidence: Evidence | null;
  onset: number;
  detectedAt: number;
  /** When it began to fail this time. */
  failingSince: number;
  openedAt: number;
  mitigatedAt: number | null;
  resolvedAt: number | null;
}

/** What the daemon knows about a service and its surroundings right now. Times are epoch ms. */
export interface Situation {
  deploying: boolean;
  /** When the service got the code it runs by a deployment; a rollback is none, and ends those it undid. */
  lastDeployAt: number | null;
  /** The good release before the current one, never one that was rolled back from. */
  previousGood: string | null;
  dependenciesDown: string[];
  servicesTotal: number;
  servicesDown: string[];
}

/** Times in ms of `watch/timing.ts` that incidents use. */
export interface Timing {
  /** How long a healing action has to show recovery. */
  graceMs: number;
  betweenRestartsMs: number;
  /** monitoring → resolved. */
  quietMs: number;
}

/** The part of the configuration that decisions rest on. */
export interface Rules {
  environment: string;
  remedies: Readonly<Record<string, RemediesConfig>>;
  timing(everyMs: number): Timing;
}

export type LifecycleEvent = { at: number } & (
  | {
      type: "verdict";
      verdict: VerdictEvent;
      /** Identity of the incident if this event begins one. */
      id: string;
      key: string;
      previous: string | null;
      situation: Situation | null;
    }
  | { type: "tick" }
  | { type: "evidence"; work: number; evidence: Evidence }
  | {
      type: "situation";
      work: number;
      /** null: it could not be found out. */
      situation: Situation | null;
      /** The last healing action on another service of the environment. */
      healedElsewhereAt: number | null;
      restartsLeft: number;
    }
  /** `busy`: nothing was touched, since somebody else works there. */
  | { type: "acted"; work: number; outcome: "done" | "failed" | "refused" | "busy"; detail: string }
  /** What the action under verification brought up is dead again. */
  | { type: "gone"; action: number; detail: string }
  | { type: "acknowledge"; actor: string; note: string | null }
  | { type: "approve"; actor: string }
  /** The daemon starts again. `begun`: whether the running action may have touched the service. */
  | { type: "resume"; begun: boolean }
  /** From now on exactly these checks exist. */
  | { type: "checks"; checks: readonly string[] }
);

export type Effect =
  | {
      type: "event";
      seq: number;
      at: number;
      kind: string;
      text: string;
      actor: string | null;
      data: Record<string, unknown>;
    }
  | { type: "notify"; seq: number; at: number; kind: MessageKind; text: string }
  | {
      type: "action";
      number: number;
      at: number;
      remedy: RemedyKind;
      outcome: IncidentAction["outcome"];
      detail: string | null;
      evidenceSeq: number | null;
    }
  /** A proposed action that was approved begins. */
  | { type: "begin"; number: number; at: number; remedy: Remedy; detail: string }
  | {
      type: "conclude";
      number: number;
      at: number;
      outcome: "succeeded" | "failed" | "refused" | "skipped";
      detail: string | null;
    }
  /** Restarts for the incident's key, as far as the limit allows. */
  | { type: "grant" }
  /** The suspicion was nothing. */
  | { type: "drop" }
  | { type: "collect"; work: number }
  | { type: "look"; work: number }
  | { type: "act"; work: number; number: number; remedy: Remedy };

export interface Decision {
  state: IncidentRecord | null;
  effects: Effect[];
}
