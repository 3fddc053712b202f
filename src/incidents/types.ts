import type { RemediesConfig } from "../config/schema.ts";
import type { Verdict } from "../contract/check.ts";
import type { Evidence, IncidentAction, IncidentState, RemedyKind, Severity } from "../contract/incident.ts";
import type { MessageKind } from "../notify/message.ts";
import type { Family, VerdictEvent } from "../watch/types.ts";
import type { StormState, Suppressed } from "./flags.ts";
import type { Outlook, Situation } from "./outlook.ts";
import type { Hold } from "./silences/silence.ts";

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
  /** What its failure means beyond an outage, as the manifest says. */
  impact?: VerdictEvent["impact"];
  /** When the certificate it looks at ends. */
  expiresAt?: number | undefined;
}

/**
 * Where the healing stands. evidence → choosing → acting → verifying → choosing → … → done. `waiting` is choosing later
 * (pacing, or a veto that passes), `proposed` waits for a person, `idle` has nothing to do. After a redeploy the checks pass and have
 * to go on while `proving`.
 */
export type HealingPhase =
  | "idle"
  | "evidence"
  | "choosing"
  | "waiting"
  | "proposed"
  | "acting"
  | "verifying"
  | "proving"
  | "done";

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
  /** How long the service usually takes to start, p95 in ms. */
  bootMs?: number | null | undefined;
  /** Which restart of the service within its hour the next one is, or the one under way; null where none is left. */
  restart?: number | null | undefined;
  /** The last two restarts. */
  restarts?: number[] | undefined;
  redeployed: boolean;
  /** Who allowed the plan in propose mode, until the checks pass. */
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
  /** The third of its key within 7 days. */
  recurring: boolean;
  /** What it needs, the nearest first. */
  needs: string[];
  /** It fails and passes in turn; `digestAt`: when people hear of it next. */
  flapping: { since: number; digestAt: number } | null;
  suppressed: Suppressed | null;
  storm: StormState | null;
  /** What the rules had said when a person set another severity: they raise it again beyond that only. */
  judged: Severity | null;
  /** Who opened it by hand. */
  reportedBy: string | null;
  members: Record<string, Member>;
  healing: Healing;
  evidence: Evidence | null;
  onset: number;
  detectedAt: number;
  /** When it began to fail this time. */
  failingSince: number;
  openedAt: number;
  /** When somebody first took it in this occurrence. */
  acknowledgedAt: number | null;
  mitigatedAt: number | null;
  resolvedAt: number | null;
  closedAt: number | null;
}

/** Times in ms of `watch/timing.ts` that incidents use. */
export interface Timing {
  /** How long a healing action has to show recovery. */
  graceMs: number;
  betweenRestartsMs: number;
  /** How long a redeploy has to hold until it counts as mended. */
  provenMs: number;
  /** monitoring → resolved. */
  quietMs: number;
}

/** The part of the configuration that decisions rest on. */
export interface Rules {
  environment: string;
  /** Healing proposes unless a service says otherwise. */
  protected: boolean;
  remedies: Readonly<Record<string, RemediesConfig>>;
  /** Sessions can be cleared for services without a request of their own too. */
  clearsSessions?: boolean | undefined;
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
      /** How many incidents of the key ended within the last 7 days. */
      recent?: number;
      /** What keeps it quiet. */
      holds?: readonly Hold[];
      /** What it needs, the nearest first. */
      needs?: readonly string[];
      /** The incident it is part of. */
      storm?: { head: string; cause: string } | null;
      /** How much its check changes between passing and failing, 0 to 1. */
      flap?: number | null;
    }
  /** `holds` and `flap`: left out where nobody looked. */
  | { type: "tick"; holds?: readonly Hold[] | undefined; flap?: number | null | undefined }
  /** It is part of another incident from now on. */
  | { type: "fold"; head: string; cause: string }
  /** Others are part of it from now on. */
  | { type: "gather"; cause: string; members: StormState["members"]; severity: Severity }
  /** A person opens it. */
  | ({ type: "report"; actor: string; severity: Severity; symptom: string } & Pick<
      IncidentRecord,
      "id" | "key" | "environment" | "service" | "component" | "previous"
    >)
  /** A person sets the severity. */
  | { type: "judge"; severity: Severity; actor: string; note: string | null }
  | { type: "freeze"; frozen: boolean; actor: string }
  /** A person has reviewed it, or ends one that has no checks. */
  | { type: "close"; actor: string; note: string }
  | { type: "evidence"; work: number; evidence: Evidence }
  | ({ type: "situation"; work: number } & Outlook)
  /** `busy`: nothing was touched, since somebody else works there. */
  | { type: "acted"; work: number; outcome: "done" | "failed" | "refused" | "busy"; detail: string }
  /** What the action under verification brought up is dead again. */
  | { type: "gone"; action: number; detail: string }
  | { type: "acknowledge"; actor: string; note: string | null }
  | { type: "approve"; actor: string }
  | { type: "decline"; actor: string; reason: string }
  /** A person did something about it apart from the ladder. */
  | { type: "ordered"; actor: string; text: string; step: number }
  /** The daemon starts again. `begun`: whether the running action may have touched the service. */
  | { type: "resume"; begun: boolean }
  /** From now on exactly these checks exist. */
  | { type: "checks"; checks: readonly string[] }
);

/** How an action ended. */
export type Concluded = Exclude<IncidentAction["outcome"], "proposed" | "running">;

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
  /** `quiet`: another call goes out for it. */
  | { type: "notify"; seq: number; at: number; kind: MessageKind; text: string; quiet?: boolean }
  | {
      type: "action";
      number: number;
      at: number;
      remedy: RemedyKind;
      /** Rung of the ladder: 1 sessions, 2 and 3 restarts, 4 redeploy, 5 a person. */
      step: number;
      /** What failed. */
      class: string | null;
      outcome: IncidentAction["outcome"];
      detail: string | null;
      evidenceSeq: number | null;
    }
  /** A proposed action that was approved begins. */
  | { type: "begin"; number: number; at: number; remedy: Remedy; step: number; detail: string }
  | {
      type: "conclude";
      number: number;
      at: number;
      outcome: Concluded;
      detail: string | null;
    }
  /** Restarts for the incident's key, as far as the limit allows. */
  | { type: "grant" }
  /** The suspicion was nothing. */
  | { type: "drop" }
  | { type: "collect"; work: number }
  | { type: "look"; work: number }
  | { type: "act"; work: number; number: number; remedy: Remedy };

/** An incident before and after a decision. */
export interface Change {
  before: IncidentRecord | null;
  decision: Decision;
}

export interface Decision {
  state: IncidentRecord | null;
  effects: Effect[];
}
