import type { StatusPageConfig } from "../../config/status-page.ts";
import type { Check } from "../../contract/check.ts";
import type { StatusPage } from "../../contract/status-page.ts";
import { isExpiring } from "../../incidents/classes.ts";
import { and, desc, eq, gte, isNull, ne, or } from "../../store/drizzle.ts";
import { publicUpdates } from "../../store/public-updates.ts";
import { type IncidentRow, incident } from "../../store/tables/incidents.ts";
import { readDays } from "../../watch/days.ts";
import type { Engine } from "../engine.ts";
import { publicIncident } from "./incidents.ts";
import { checksOf, publicService, SHOWN_DAYS } from "./services.ts";
import { overallState } from "./words.ts";

const DAY_MS = 86_400_000;
const MOST_INCIDENTS = 100;

/** The page of this moment; `checks` as the watch lists them. */
export async function readPage(
  engine: Pick<Engine, "store" | "manifest" | "environment" | "clock" | "redact">,
  { title, url, services }: StatusPageConfig,
  checks: readonly Check[],
): Promise<StatusPage> {
  const { store, environment, clock, redact } = engine;
  const now = clock.now();
  const subjects = Object.entries(services).map(([key, name]) => ({ key, name }));
  const shown = subjects.map((subject) => ({
    ...subject,
    ids: checksOf(checks, subject.key, environment).map(({ id }) => id),
  }));
  const since = (Math.floor(now / DAY_MS) - SHOWN_DAYS + 1) * DAY_MS;
  const ids = [...new Set(shown.flatMap((subject) => subject.ids))];
  const days = await readDays(store, ids, since);
  const lines = subjects.map((subject) => publicService(subject, { environment, checks, days, now }));
  const rows = await readIncidents(engine, new Date(since));
  const written = await publicUpdates(
    store.db,
    rows.map(({ id }) => id),
  );
  // Checks of services that do not speak for them.
  const aside = new Set(checks.filter(({ service, id }) => service !== null && !ids.includes(id)).map(({ id }) => id));
  const incidents = rows.flatMap((row) => {
    const { id, severity, state } = row;
    const about = shown.filter(({ key, ids: own }) => concerns(row, key, own)).map(({ name }) => name);
    const told = publicIncident({
      ...{ id, severity, state, services: [...new Set(about)] },
      isInternal: isInternal(row, aside),
      isExpiring: isExpiring(row.symptom),
      openedAt: row.openedAt.getTime(),
      mitigatedAt: row.mitigatedAt?.getTime() ?? null,
      resolvedAt: row.resolvedAt?.getTime() ?? null,
      written: (written.get(id) ?? []).map(({ at, text }) => ({ at: at.getTime(), text: redact(text) })),
    });
    return told ?? [];
  });
  return {
    ...{ title, url: url ?? null, services: lines, incidents },
    generatedAt: new Date(now).toISOString(),
    state: overallState(lines.map(({ state }) => state)),
  };
}

async function readIncidents(
  { store, manifest, environment }: Pick<Engine, "store" | "manifest" | "environment">,
  since: Date,
): Promise<IncidentRow[]> {
  const here = and(eq(incident.app, manifest.project), eq(incident.environment, environment));
  return await store.db
    .select()
    .from(incident)
    .where(and(here, ne(incident.state, "suspect"), or(isNull(incident.resolvedAt), gte(incident.openedAt, since))))
    .orderBy(desc(incident.openedAt))
    .limit(MOST_INCIDENTS);
}

function concerns({ service, members }: IncidentRow, key: string, checkIds: readonly string[]): boolean {
  return service === key || checkIds.some((id) => Object.hasOwn(members as object, id));
}

/** The error budget counts what is past, and other checks may say nothing about what users see. */
function isInternal({ component, members }: IncidentRow, aside: ReadonlySet<string>): boolean {
  const checks = Object.keys(members as object);
  return component === "slo" || (checks.length > 0 && checks.every((id) => aside.has(id)));
}
