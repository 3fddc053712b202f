import { DAY_SPENT, HOUR_SPENT } from "./budget.ts";
import { symptomOf } from "./classes.ts";
import { failing } from "./members.ts";
import type { ActionsLeft, Situation } from "./outlook.ts";
import { ruleOf } from "./remedy-classes.ts";
import { isSilence } from "./silences/silence.ts";
import type { IncidentRecord, Remedy, Rules } from "./types.ts";

const ANOTHER_HEALED_MS = 5 * 60_000;
const STORM_SERVICES = 3;

/**
 * Why a remedy may not be used. `unfit`: this remedy not, another perhaps. `wait`: not now. `quiet`: not now, and nobody
 * is called for it. `stop`: nothing may be tried. `freeze`: nothing, and it is SEV1.
 */
export interface Veto {
  rule: string;
  kind: "unfit" | "wait" | "quiet" | "stop" | "freeze";
  reason: string;
}

export interface GuardInput {
  record: IncidentRecord;
  remedy: Remedy;
  situation: Situation;
  healedElsewhereAt: number | null;
  actionsLeft: ActionsLeft;
  rules: Rules;
  at: number;
}

interface Row {
  rule: string;
  kind: Veto["kind"];
  /** Why it objects; undefined when it does not. */
  objects(input: GuardInput): string | undefined;
}

/** The first row that objects decides: what ends all healing before what passes over a rung, and that before what has to be waited for. */
const ROWS: readonly Row[] = [
  { rule: "frozen", kind: "stop", objects: ({ record }) => when(record.frozen, "the incident is frozen") },
  {
    rule: "unknown",
    kind: "quiet",
    objects: ({ record }) => when(failing(record).length === 0, "no check can say whether it fails"),
  },
  { rule: "explained", kind: "quiet", objects: ({ record }) => explained(record) },
  {
    rule: "storm",
    kind: "freeze",
    objects: ({ situation: { servicesTotal, recentlyDown } }) =>
      when(
        servicesTotal > STORM_SERVICES && recentlyDown.length >= STORM_SERVICES,
        `${recentlyDown.length} services fail at once (${recentlyDown.join(", ")})`,
      ),
  },
  { rule: "class", kind: "unfit", objects: noHelp },
  {
    rule: "budget",
    kind: "stop",
    objects: ({ actionsLeft: { hour, day } }) => when(day <= 0, DAY_SPENT) ?? when(hour <= 0, HOUR_SPENT),
  },
  {
    rule: "deploying",
    kind: "wait",
    objects: ({ situation: { deploying, restarting } }) =>
      when(deploying, restarting ? "another restart is under way" : "a deployment is in progress"),
  },
  { rule: "platform", kind: "wait", objects: ({ situation }) => situation.platformTrouble ?? undefined },
  {
    rule: "database",
    kind: "wait",
    objects: ({ situation: { databasesDown } }) =>
      when(databasesDown.length > 0, `${databasesDown.join(", ")} is down, and its clients are not to blame`),
  },
  {
    rule: "parent",
    kind: "wait",
    objects: ({ situation: { dependenciesDown } }) =>
      when(dependenciesDown.length > 0, `${dependenciesDown.join(", ")} is down`),
  },
  {
    rule: "elsewhere",
    kind: "wait",
    objects: ({ healedElsewhereAt, rules, at }) =>
      when(
        rules.protected && healedElsewhereAt !== null && at - healedElsewhereAt < ANOTHER_HEALED_MS,
        "another service was healed less than 5 min ago",
      ),
  },
];

/** Answers the first veto against `remedy`, or undefined when it may go ahead. */
export function veto(input: GuardInput): Veto | undefined {
  for (const { rule, kind, objects } of ROWS) {
    const reason = objects(input);
    if (reason !== undefined) return { rule, kind, reason };
  }
  return undefined;
}

function when(holds: boolean, reason: string): string | undefined {
  return holds ? reason : undefined;
}

/** What it needs fails too, and another incident stands for both: that one is healed. */
function explained({ suppressed, needs }: IncidentRecord): string | undefined {
  const [other] = suppressed?.by.filter((by) => !isSilence(by)) ?? [];
  return other === undefined || needs.length === 0 ? undefined : `${other} stands for it`;
}

/** Going back to another release needs no class that a restart mends. */
function noHelp({ remedy, record, situation }: GuardInput): string | undefined {
  if (remedy !== "restart") return undefined;
  const classes = [...new Set(failing(record).map((member) => member.class))];
  // A service that answers is not to blame for a job that did not call.
  const mends = (name: string | null) => ruleOf(name).restart !== "no" && (name !== "late" || situation.isWorker);
  const helps = classes.some(mends) && !classes.includes("crash-loop");
  const words = classes.map((name) => `"${symptomOf(name, null)}"`);
  return when(!helps, `a restart does not help against ${words.join(", ")}`);
}
