import { ExternalError } from "../../core/errors.ts";
import type { RouteView } from "../../platforms/platform.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { guard, type SideCounts } from "../guards.ts";
import { changingServices, context, type Run, sides, targetOf } from "../run.ts";
import { askUnit } from "./health.ts";
import { GRANT_MS, GRANT_RENEW_MS, hasLapsed, routeOf, setRoute, shareOf, traffic } from "./traffic.ts";

const LOOK_EVERY_MS = 500;

/**
 * Until the wall-clock time `until` (or a person promotes): throws when a guard fires, and keeps the grants of `step` alive.
 * `lapsed`: one had ended all the same, as when this process was stopped for a while.
 */
export async function watchCandidate(run: Run, until: number, step?: number): Promise<"over" | "lapsed"> {
  const { clock } = run.dependencies;
  const failedProbes = new Map<string, number>();
  // At once: how old the grants are is not known after a crash.
  let renewed = Number.NEGATIVE_INFINITY;
  for (;;) {
    await run.dependencies.platform.traffic?.ensure?.();
    let lapsed = false;
    for (const { name } of changingServices(run)) {
      const view = await look(run, name, failedProbes);
      if (view && hasLapsed(view)) lapsed = true;
    }
    if (step !== undefined && (lapsed || clock.monotonic() - renewed > GRANT_RENEW_MS)) {
      await renewGrants(run, step);
      renewed = clock.monotonic();
    }
    if (lapsed) return "lapsed";
    if (clock.now() >= until || run.promoted()) return "over";
    await clock.sleep(Math.min(LOOK_EVERY_MS, Math.max(1, until - clock.now())), run.signal);
  }
}

async function look(run: Run, name: string, failedProbes: Map<string, number>): Promise<RouteView | undefined> {
  const service = run.release.services[name];
  const { stable, candidate } = await sides(run, name);
  if (!service) return undefined;
  for (const unit of candidate) {
    const answer = await askUnit(run, unit, service);
    failedProbes.set(unit.id, answer.ok ? 0 : (failedProbes.get(unit.id) ?? 0) + 1);
  }
  const view = service.kind === "http" ? await traffic(run).read(targetOf(run, name), context(run)) : undefined;
  const failed = guard({
    candidate: counts(view, candidate),
    baseline: counts(view, stable),
    failedProbes: Math.max(0, ...candidate.map(({ id }) => failedProbes.get(id) ?? 0)),
  });
  if (failed)
    throw new ExternalError({
      ...failed,
      message: `${name}: ${failed.message}`,
      next: `read its log: stationmaster logs ${name} --release ${run.release.name}`,
    });
  return view;
}

function counts(view: RouteView | undefined, units: readonly UnitRow[]): SideCounts {
  const figures = units.flatMap(({ id }) => view?.figures[id] ?? []);
  const sum = (key: "requests" | "errors") => figures.reduce((total, item) => total + item[key], 0);
  const p99 = figures.flatMap((item) => item.p99 ?? []);
  return { requests: sum("requests"), errors: sum("errors"), p99: p99.length > 0 ? Math.max(...p99) : null };
}

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
