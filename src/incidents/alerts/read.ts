import type { AlertmanagerConfig } from "../../config/alertmanager.ts";
import type { ReceivedAlert } from "../../contract/alert.ts";
import type { Severity } from "../../contract/incident.ts";
import { clip } from "../../core/text.ts";
import type { VerdictEvent } from "../../watch/types.ts";

const LONGEST_NAME = 80;
const LONGEST_DETAIL = 300;
/** As a check of this interval: Alertmanager itself looks no more often. */
const EVERY_MS = 60_000;
/** Alerts of our own rules and those we sent: what they tell of is an incident already, or the end of this program. */
const OURS = /^Stationmaster/;

/** An alert as a check that speaks for a service. Times in epoch ms. */
export interface Alert {
  checkId: string;
  /** Null where no label names one that exists. */
  service: string | null;
  component: string;
  severity: Severity;
  firing: boolean;
  startsAt: number;
  /** When it is over unless it is heard of again. */
  expiresAt: number;
  detail: string;
}

interface Reading {
  environment: string;
  /** Those of the manifest. */
  services: readonly string[];
  map: AlertmanagerConfig["map"];
  ttlMs: number;
  /** Epoch ms. */
  now: number;
}

/** What an alert says in our terms; null for one that we sent ourselves. */
export function readAlert(received: ReceivedAlert, { environment, services, map, ttlMs, now }: Reading): Alert | null {
  const { labels, annotations, status, fingerprint } = received;
  const given = labels.alertname ?? "";
  if (OURS.test(given)) return null;
  const component = given.replace(/[^\w.:-]+/g, "-").slice(0, LONGEST_NAME) || "alert";
  const named = map.labels.flatMap((label) => {
    const value = labels[label] ?? "";
    return Object.hasOwn(map.services, value) ? (map.services[value] ?? value) : value;
  });
  // At the zero of time nobody knows when it began; later than now it cannot have.
  const begins = Date.parse(received.startsAt);
  const ends = Date.parse(received.endsAt);
  const said = annotations.summary ?? annotations.description ?? annotations.message ?? "it fires";
  const value = labels.severity ?? "";
  return {
    checkId: `${environment}/alert/${component}/${fingerprint}`,
    service: named.find((name) => services.includes(name)) ?? null,
    component,
    severity: (Object.hasOwn(map.severity, value) ? map.severity[value] : undefined) ?? "SEV2",
    firing: status === "firing",
    startsAt: begins > 0 && begins < now ? begins : now,
    expiresAt: ends > now ? ends : now + ttlMs,
    detail: clip(`${component}: ${said.replace(/\s+/g, " ").trim()}`, LONGEST_DETAIL),
  };
}

/** What severity rests on: SEV1 is something critical that is down, SEV2 something else, SEV3 a disturbance. */
const AS_VERDICT: Record<Severity, Pick<VerdictEvent, "to" | "critical">> = {
  SEV1: { to: "DOWN", critical: true },
  SEV2: { to: "DOWN", critical: false },
  SEV3: { to: "DEGRADED", critical: false },
};

type Said = Pick<Alert, "checkId" | "service" | "component" | "severity" | "startsAt">;

/** The alert as the verdict of a check; `detail` is null once it is over. `at` in epoch ms. */
export function toVerdict(
  { checkId, service, component, severity, startsAt }: Said,
  { environment, at, detail }: { environment: string; at: number; detail: string | null },
): VerdictEvent {
  const about = { checkId, environment, service, component, everyMs: EVERY_MS, at };
  const { to, critical } = AS_VERDICT[severity];
  if (detail === null)
    return { ...about, critical, from: to, to: "UP", class: null, family: null, detail: null, onset: at };
  return {
    ...{ ...about, critical, from: "UP", to, detail },
    class: `alert:${component}`,
    family: "availability",
    onset: startsAt,
  };
}
