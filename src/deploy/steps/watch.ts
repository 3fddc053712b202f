import { ExternalError } from "../../core/errors.ts";
import type { RouteView } from "../../platforms/traffic.ts";
import { setState } from "../../store/rollouts.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import type { Judge } from "../analysis/judge.ts";
import { noteEvidence } from "../analysis/notes.ts";
import { type GuardInput, guard } from "../guards.ts";
import { changingServices, context, type Run, sides, targetOf } from "../run.ts";
import { askUnit } from "./health.ts";
import { judgesOf } from "./judges.ts";
import { unlessLost } from "./quorum.ts";
import { GRANT_MS, GRANT_RENEW_MS, hasLapsed, routeOf, setRoute, shareOf, traffic } from "./traffic.ts";

const LOOK_EVERY_MS = 500;

interface WatchOptions {
  /** Wall-clock end, epoch ms; Infinity where only `enough` or a person ends it. */
  until: number;
  /** Ends it sooner; asked after each look. */
  enough?(): boolean;
  /** The step whose grants are kept alive. */
  step?: number;
}

/**
 * Until its end, or a person promotes: throws when a guard fires or the judge finds the new release worse.
 * `lapsed`: a grant had ended all the same, as when this process was stopped for a while.
 */
export async function watchCandidate(run: Run, { until, enough, step }: WatchOptions): Promise<"over" | "lapsed"> {
  const { clock } = run.dependencies;
  const judges = await judgesOf(run);
  const failedProbes = new Map<string, number>();
  // At once: how old the grants are is not known after a crash.
  let renewed = Number.NEGATIVE_INFINITY;
  for (;;) {
    await run.dependencies.platform.traffic?.ensure?.();
    let lapsed = false;
    for (const { name } of changingServices(run)) {
      const view = await look(run, name, judges.get(name), failedProbes);
      if (view && hasLapsed(view)) lapsed = true;
    }
    if (step !== undefined && (lapsed || clock.monotonic() - renewed > GRANT_RENEW_MS)) {
      await renewGrants(run, step);
      renewed = clock.monotonic();
    }
    if (lapsed) return "lapsed";
    if (await isPromoted(run)) return "over";
    if (clock.now() >= until || enough?.()) return "over";
    await clock.sleep(Math.min(LOOK_EVERY_MS, Math.max(1, until - clock.now())), run.signal);
  }
}

/** Whether somebody cut the wait short; the first time that is seen, who it was is written down. */
async function isPromoted(run: Run): Promise<boolean> {
  const by = run.promoted();
  if (by === undefined) return false;
  if (run.journal.outcome("promoted")) return true;
  const { store, onChange } = run.dependencies;
  await setState(store.db, run.lease, run.row.id, { state: run.row.state, reason: `promoted by ${by}` });
  onChange(run.row.id);
  await run.journal.note("promoted", run.row.state, null, { by });
  return true;
}

async function look(
  run: Run,
  name: string,
  judge: Judge | undefined,
  failedProbes: Map<string, number>,
): Promise<RouteView | undefined> {
  const service = run.release.services[name];
  const both = await sides(run, name);
  if (!service) return undefined;
  let restarts = 0;
  for (const unit of both.candidate) {
    const answer = await unlessLost(run, unit, () => askUnit(run, unit, service));
    if (!answer) continue;
    restarts += answer.restarts;
    failedProbes.set(unit.id, answer.ok ? 0 : (failedProbes.get(unit.id) ?? 0) + 1);
  }
  const view = service.kind === "http" ? await traffic(run).read(targetOf(run, name), context(run)) : undefined;
  if (view && judge) {
    await judge.look(view, both);
    await noteEvidence(run, name, judge);
  }
  const counts = judge?.counts() ?? { candidate: NONE, baseline: NONE, failuresInRow: 0 };
  const input: GuardInput = {
    ...counts,
    failedProbes: Math.max(0, ...both.candidate.map(({ id }) => failedProbes.get(id) ?? 0)),
    restarts,
  };
  const verdict = judge?.verdict();
  const failed = guard(input) ?? (verdict?.kind === "FAIL" ? verdict : undefined);
  if (!failed) return view;
  const { code, message } = guard({ ...input, restarts: await restartsNow(run, both.candidate, service) }) ?? failed;
  throw new ExternalError({
    code,
    message: `${name}: ${message}`,
    next: `read its log: stationmaster logs ${name} --release ${run.release.name}`,
  });
}

/** A unit that ended a moment ago is the nearer cause of requests that failed: one that is gone is thrown. */
async function restartsNow(run: Run, units: readonly UnitRow[], service: ReleasedService): Promise<number> {
  const answers = await Promise.all(units.map((unit) => unlessLost(run, unit, () => askUnit(run, unit, service))));
  return answers.reduce((sum, answer) => sum + (answer?.restarts ?? 0), 0);
}

const NONE = { requests: 0, bad: 0, p99: null };

/** The share is the planned one: what is seen may have ended a moment ago. */
async function renewGrants(run: Run, step: number): Promise<void> {
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") continue;
    const view = await traffic(run).read(targetOf(run, name), context(run));
    if (!view || view.until === null) continue;
    const { stable, candidate } = await sides(run, name);
    const share = shareOf(run, name, step) ?? 100;
    await setRoute(run, name, routeOf(stable, candidate, { share, until: run.dependencies.clock.now() + GRANT_MS }));
  }
}
