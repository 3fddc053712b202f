import { ExternalError } from "../../core/errors.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { endedUnits } from "../../store/units.ts";
import { changingServices, context, type Run, sides, unitRef } from "../run.ts";
import { askUnit } from "../steps/health.ts";
import { unlessLost } from "../steps/quorum.ts";
import { newPatterns } from "./patterns.ts";

const NEW_LINES = 100;
/** More of the old: what it reports now and then is not new. */
const OLD_LINES = 1_000;

/** Every new unit lives since its start and answers its health check. Throws what is wrong with the first that does not. */
export async function unitsRun(run: Run): Promise<string> {
  let count = 0;
  for (const { name, service } of changingServices(run))
    for (const unit of (await sides(run, name)).candidate) {
      const asked = await unlessLost(run, unit, async () => {
        await neverRestarted(run, unit);
        await healthy(run, unit, service);
        return true;
      });
      if (asked) count++;
    }
  return `${count} running since their start, without a restart`;
}

async function neverRestarted(run: Run, unit: UnitRow): Promise<void> {
  const { restarts = 0 } = await run.dependencies.platform.observe(unitRef(unit), context(run));
  if (restarts === 0) return;
  throw new ExternalError({
    code: "SM-POST-RESTARTED",
    message: `${unit.service}: ${unit.id} ended and was started again, ${restarts} times`,
    next: `read its log: stationmaster logs ${unit.service} --release ${unit.release}`,
  });
}

async function healthy(run: Run, unit: UnitRow, released: ReleasedService): Promise<void> {
  const answer = await askUnit(run, unit, released);
  if (answer.ok) return;
  throw new ExternalError({
    code: "SM-UNIT-UNHEALTHY",
    message: `${unit.service}: ${answer.detail}`,
    next: `read its log: stationmaster logs ${unit.service} --release ${unit.release}`,
  });
}

/**
 * The new units report no error that the old ones do not. Throws `SM-POST-LOGS`; undefined where there is nothing to compare with.
 * Where the log of an old unit went with it, only what a dying process says counts.
 */
export async function logsAreClean(run: Run): Promise<string | undefined> {
  const compared: string[] = [];
  const alone: string[] = [];
  for (const { name } of changingServices(run)) {
    const { stable, candidate } = await sides(run, name);
    const old = stable.length > 0 ? stable : await stoppedBefore(run, name);
    if (old.length === 0) continue;
    const said = await lines(run, old, OLD_LINES);
    const before = stable.length > 0 || said.length > 0 ? said : undefined;
    const [found, ...more] = newPatterns(await lines(run, candidate, NEW_LINES), before);
    if (found)
      throw new ExternalError({
        code: "SM-POST-LOGS",
        message: `${name}: its log has an error ${before ? `that ${old[0]?.release} does not report` : "of a process that dies"}, ${found.times} times: ${found.example}${more.length > 0 ? ` (and ${more.length} more)` : ""}`,
        next: `stationmaster logs ${name} --release ${run.release.name}`,
      });
    (before ? compared : alone).push(name);
  }
  const evidence = [
    ...(compared.length > 0 ? [`no new error in the last ${NEW_LINES} lines of ${compared.join(", ")}`] : []),
    ...(alone.length > 0 ? [`no process of ${alone.join(", ")} says that it dies; the old log is gone`] : []),
  ];
  return evidence.length > 0 ? evidence.join("; ") : undefined;
}

/** A recreated service has no old unit any more; on some platforms its log is still there. */
async function stoppedBefore(run: Run, service: string): Promise<UnitRow[]> {
  const { fromRelease } = run.plan;
  if (fromRelease === null) return [];
  const place = { app: run.row.app, env: run.row.env, service, release: fromRelease };
  return await endedUnits(run.dependencies.store.db, { ...place, limit: 5 });
}

async function lines(run: Run, units: readonly UnitRow[], count: number): Promise<string[]> {
  const { logs } = run.dependencies.platform;
  const found = await Promise.all(
    units.map((unit) => unlessLost(run, unit, async () => (await logs?.tail(unitRef(unit), count)) ?? [])),
  );
  return found.flatMap((lines) => lines ?? []).map(({ text }) => text);
}
