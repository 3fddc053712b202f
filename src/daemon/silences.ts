import { nearest } from "../config/spelling.ts";
import type { Silence, SilenceMatcher, SilenceRequest } from "../contract/silence.ts";
import { SilenceRequest as SilenceRequestSchema } from "../contract/silence.ts";
import { UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { cronProblem, nextBegin, type Spans } from "../core/recurrence.ts";
import { type Hush, isActive, isCheck, matches } from "../incidents/silences/silence.ts";
import { hushOf, type Silences } from "../incidents/silences/silences.ts";
import { endSilence, insertSilence, pastSilences } from "../store/silences.ts";
import type { SilenceRow } from "../store/tables/silence.ts";
import { idsMeant, shortName } from "../watch/check-id.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import type { UseCases } from "./usecases.ts";

const LONGEST_MS = 30 * 24 * 3_600_000;
const MOST_PAST = 50;

type SilenceDoors = Pick<UseCases, "silences" | "previewSilence" | "addSilence" | "endSilence">;

/** What people do to keep things quiet for a time. All of it is in the audit. */
export function silenceUseCases(
  engine: Engine,
  { watch, silences }: { watch: Pick<Watch, "verdicts">; silences: Silences },
): SilenceDoors {
  const { store, environment, clock } = engine;
  const app = () => engine.manifest.project;

  async function changed(actor: string, action: string, { id, kind, matcher, reason, until }: Silence): Promise<void> {
    await silences.refresh();
    const detail = { environment, kind, matcher, reason, until };
    await engine.audit({ actor, action, subject: id, detail });
    engine.bus.emit({ type: "status" });
  }

  /** The row it would be. Throws `SM-SILENCE-NAME`, `SM-SILENCE-TIME`, `SM-SILENCE-CRON`. */
  function drawn(request: SilenceRequest, author: string): SilenceRow {
    const { kind, reason, recurrence, from, until, ...asked } = SilenceRequestSchema.parse(request);
    const matcher = known(engine, watch, asked.matcher);
    const now = clock.now();
    const fromAt = from === undefined ? now : Date.parse(from);
    checkTimes(fromAt, Date.parse(until), now);
    const problem = recurrence && cronProblem(recurrence.cron, recurrence.zone);
    if (problem !== undefined)
      throw new UserError({
        code: "SM-SILENCE-CRON",
        message: `the cron line or the zone cannot be used: ${problem}`,
        next: 'for example --cron "0 2 * * 0" --lasts 2h --zone Europe/Paris',
      });
    return {
      ...{ id: newId("sil", now), app: app(), environment, kind, matcher, reason, author, endedAt: null },
      ...{ fromAt: new Date(fromAt), untilAt: new Date(until), recurrence: recurrence ?? null },
      createdAt: new Date(now),
    };
  }

  return {
    silences: async ({ past } = { past: false }) => {
      await silences.refresh();
      const standing = listSilences(engine, { watch, silences });
      if (!past) return standing;
      const now = clock.now();
      const over = await pastSilences(store.db, { app: app(), environment, at: new Date(now), limit: MOST_PAST });
      return [...standing, ...over.map((row) => endedSilence(row, { environment, watch, now }))];
    },
    previewSilence: async (request) => {
      const silence = toSilence(hushOf(drawn(request, "preview")), { environment, watch, now: clock.now() });
      return { silence, warnings: warningsOf(silence) };
    },
    addSilence: async (request, actor) => {
      const row = await insertSilence(store.db, drawn(request, actor));
      const silence = toSilence(hushOf(row), { environment, watch, now: clock.now() });
      await changed(actor, "silence.added", silence);
      return { silence, warnings: warningsOf(silence) };
    },
    endSilence: async (id, actor) => {
      const row = await endSilence(store.db, { app: app(), id, at: new Date(clock.now()) });
      if (!row)
        throw new UserError({
          code: "SM-SILENCE-UNKNOWN",
          message: `there is no silence ${id}`,
          next: "see stationmaster silence list; windows of the manifest end by changing it",
        });
      const ended = endedSilence(row, { environment, watch, now: clock.now() });
      await changed(actor, "silence.ended", ended);
      return ended;
    },
  };
}

/** The silences that stand, those of the manifest first. */
export function listSilences(
  { environment, clock }: Pick<Engine, "environment" | "clock">,
  { watch, silences }: { watch: Pick<Watch, "verdicts">; silences: Pick<Silences, "all"> },
): Silence[] {
  return silences.all().map((hush) => toSilence(hush, { environment, watch, now: clock.now() }));
}

interface Now {
  environment: string;
  watch: Pick<Watch, "verdicts">;
  now: number;
}

/** One that holds no more. */
function endedSilence(row: SilenceRow, now: Now): Silence {
  const { nextAt: _, ...silence } = toSilence(hushOf(row), now);
  return { ...silence, active: false, ...(row.endedAt && { endedAt: row.endedAt.toISOString() }) };
}

function toSilence(hush: Hush, { environment, watch, now }: Now): Silence {
  const { id, kind, matcher, author, reason, fromAt, untilAt, recurrence } = hush;
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const about = watch
    .verdicts()
    .filter((check) => matches(hush, { environment, service: check.service, checks: [check.id] }));
  return {
    ...{ id, kind, environment, matcher, author, reason, recurrence },
    ...{ from: iso(fromAt), until: iso(untilAt), active: isActive(hush, now) },
    ...(recurrence && { nextAt: iso(nextOf(recurrence, { fromAt, untilAt, now })) }),
    checks: about.map((check) => check.id),
  };
}

function nextOf(recurrence: Spans, { fromAt, untilAt, now }: Pick<Hush, "fromAt" | "untilAt"> & { now: number }) {
  const next = nextBegin(recurrence, Math.max(now, fromAt ?? now));
  return next !== null && (untilAt === null || next < untilAt) ? next : null;
}

function warningsOf({ checks }: Silence): string[] {
  return checks.length === 0 ? ["it is about no check that there is now"] : [];
}

function checkTimes(from: number, until: number, now: number): void {
  const problem =
    until <= now
      ? `${new Date(until).toISOString()} is over`
      : until <= from
        ? "it ends before it begins"
        : until - from > LONGEST_MS
          ? "it lasts longer than 30 days"
          : undefined;
  if (problem === undefined) return;
  throw new UserError({ code: "SM-SILENCE-TIME", message: problem, next: "end it within 30 days, such as --for 2h" });
}

/** The matcher with names as they are; a check may be named without the environment. Throws `SM-SILENCE-NAME` for one that nothing has. */
function known(engine: Engine, watch: Pick<Watch, "verdicts">, matcher: SilenceRequest["matcher"]): SilenceMatcher {
  const { environment, manifest } = engine;
  const ids = watch.verdicts().map(({ id }) => id);
  const services = Object.keys(manifest.services);
  if (matcher.service !== undefined && !services.includes(matcher.service))
    throw unknown("service", matcher.service, services);
  if (matcher.environment !== undefined && matcher.environment !== environment)
    throw elsewhere(matcher.environment, environment);
  const { check } = matcher;
  if (check === undefined) return matcher;
  const full = idsMeant(check, environment).find((name) => ids.some((id) => isCheck(id, name)));
  if (full === undefined) throw unknown("check", check, ids.concat(ids.map((id) => shortName(id, environment))));
  return { ...matcher, check: full };
}

/** Checks of another environment are watched by a daemon of their own. */
function elsewhere(wanted: string, environment: string): UserError {
  return new UserError({
    code: "SM-SILENCE-NAME",
    message: `this is the environment "${environment}", not "${wanted}"`,
    next: `silence it there: --env ${wanted}`,
  });
}

function unknown(what: string, name: string, names: readonly string[]): UserError {
  const guess = nearest(name, names);
  return new UserError({
    code: "SM-SILENCE-NAME",
    message: `there is no ${what} "${name}"`,
    next:
      guess === undefined ? `see stationmaster ${what === "check" ? "checks" : "status"}` : `did you mean "${guess}"?`,
  });
}
