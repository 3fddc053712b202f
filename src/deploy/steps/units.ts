import type { RolloutState } from "../../contract/rollout.ts";
import { ExternalError } from "../../core/errors.ts";
import type { ReleasedService, ReleaseRow } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { findUnit, insertUnit, updateUnit } from "../../store/units.ts";
import { context, type Run, sides, targetOf, unitRef } from "../run.ts";

/** Starts what is missing of a service's candidate units up to `count`; living ones of an earlier attempt are adopted. */
export async function startUnits(
  run: Run,
  service: string,
  released: ReleasedService,
  count: number,
  step: RolloutState,
): Promise<UnitRow[]> {
  const { candidate } = await sides(run, service);
  const started: UnitRow[] = [];
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const earlier = candidate.find((unit) => unit.ordinal === ordinal && unit.state === "running");
    if (earlier && (await run.dependencies.platform.observe(unitRef(earlier), context(run))).alive)
      started.push(earlier);
    else {
      if (earlier) await updateUnit(run.dependencies.store.db, earlier.id, { state: "stopped", stoppedAt: new Date() });
      started.push(await startUnit(run, { service, released, release: run.release, ordinal, step, role: "candidate" }));
    }
  }
  return started;
}

interface StartOptions {
  service: string;
  released: ReleasedService;
  release: ReleaseRow;
  ordinal: number;
  step: RolloutState;
  role: "stable" | "candidate";
}

/** Starts one unit under a name fixed before the act, so that it is found again after a crash. */
export async function startUnit(
  run: Run,
  { service, release, released, ordinal, step, role }: StartOptions,
): Promise<UnitRow> {
  const { dependencies, row, journal } = run;
  const { store, platform } = dependencies;
  const id = nextId(run, unitName(run, service, ordinal, role));
  const record = {
    id,
    app: row.app,
    env: row.env,
    rolloutId: row.id,
    service,
    ordinal,
    release: release.name,
    role,
    generation: run.lease.generation,
    address: {},
    state: "starting" as const,
  };
  const ref = { id, target: targetOf(run, service), address: {} };
  await journal.effect({
    key: `start:${id}`,
    step,
    target: service,
    intent: { unit: id, release: release.name, role },
    act: async () => {
      await insertUnit(store.db, record);
      const environment = await dependencies.resolveEnvironment(row.env, service, released);
      const address = await platform.start({ id, target: ref.target, release, environment }, context(run));
      await updateUnit(store.db, id, { address, state: "running" });
      return { pid: address.pid, port: address.port };
    },
    observe: async () => {
      const stored = await findUnit(store.db, id);
      if (stored?.state === "running") return { pid: stored.address.pid, port: stored.address.port };
      // Without its port the process cannot be used: end it and start again.
      const seen = await platform.observe(ref, context(run));
      if (seen.alive) await platform.stop({ ...ref, address: seen.address }, 0, context(run));
      return undefined;
    },
  });
  const stored = await findUnit(store.db, id);
  if (!stored)
    throw new ExternalError({
      code: "SM-UNIT-LOST",
      message: `the unit ${id} is not in the store`,
      next: "deploy again",
    });
  return stored;
}

/** The first id of this name that no attempt has used up: `name`, `name-2`, … */
function nextId({ journal }: Run, name: string): string {
  for (let attempt = 1; ; attempt++) {
    const id = attempt === 1 ? name : `${name}-${attempt}`;
    if (!journal.outcome(`start:${id}`)) return id;
  }
}

function unitName(run: Run, service: string, ordinal: number, role: string): string {
  return `${service}-${run.row.id.split("-").at(-1)}-${ordinal}${role === "stable" ? "-back" : ""}`;
}

/** Stops a unit and records it; idempotent. */
export async function stopUnit(run: Run, unit: UnitRow, graceMs: number, step: RolloutState): Promise<void> {
  const { store, platform } = run.dependencies;
  await run.journal.effect({
    key: `stop:${unit.id}`,
    step,
    target: unit.service,
    intent: { unit: unit.id },
    act: async () => {
      // Not the run's signal: a stop that has begun is finished even when the run is being aborted.
      const ended = await platform.stop(unitRef(unit), graceMs, { signal: AbortSignal.timeout(graceMs + 30_000) });
      await updateUnit(store.db, unit.id, { state: "stopped", stoppedAt: new Date() });
      return { ended };
    },
  });
}
