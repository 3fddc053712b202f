import type { Severity } from "../../contract/incident.ts";

/** Alertmanager forgets an alert after this time without news: longer than a few repetitions that fail. */
const LASTS_MS = 5 * 60_000;
const REPEAT_MS = 60_000;

export interface OpenIncident {
  id: string;
  service: string;
  environment: string;
  severity: Severity;
  symptom: string;
  openedAt: string;
  /** Page about it, if there is one. */
  link: string | null;
}

/** An alert as `POST /api/v2/alerts` takes it. */
export interface SentAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL?: string;
}

/** What an Alertmanager was told and took. */
export interface Told {
  alerts: readonly SentAlert[];
  /** Epoch ms; null for never. */
  at: number | null;
}

export const nothingTold: Told = { alerts: [], at: null };

/** As most routes of Alertmanager name them. */
const SEVERITY_LABEL: Record<Severity, string> = { SEV1: "critical", SEV2: "warning", SEV3: "info" };

/**
 * What to tell an Alertmanager now (empty: nothing), and what it knows once it took that. An incident whose labels changed is
 * another alert there, so the one before ends. `now` in epoch ms.
 */
export function decide(told: Told, open: readonly OpenIncident[], now: number): { post: SentAlert[]; told: Told } {
  const wanted = open.map((incident) => alertOf(incident, now));
  const keys = new Set(wanted.map(keyOf));
  const ended = told.alerts.filter((alert) => !keys.has(keyOf(alert)));
  const known = new Set(told.alerts.map(keyOf));
  const isNews = ended.length > 0 || wanted.some((alert) => !known.has(keyOf(alert)));
  const isDue = wanted.length > 0 && (told.at === null || now - told.at >= REPEAT_MS);
  if (!isNews && !isDue) return { post: [], told };
  const over = ended.map((alert) => ({ ...alert, endsAt: new Date(now).toISOString() }));
  return { post: [...wanted, ...over], told: { alerts: wanted, at: now } };
}

function alertOf(incident: OpenIncident, now: number): SentAlert {
  const { id, service, environment, severity, symptom, openedAt, link } = incident;
  return {
    labels: {
      alertname: "StationmasterIncident",
      service,
      severity: SEVERITY_LABEL[severity],
      environment,
      incident: id,
    },
    annotations: { summary: `${severity} ${environment}/${service}: ${symptom}` },
    startsAt: openedAt,
    endsAt: new Date(now + LASTS_MS).toISOString(),
    ...(link === null ? {} : { generatorURL: link }),
  };
}

function keyOf({ labels }: SentAlert): string {
  return JSON.stringify(labels);
}
