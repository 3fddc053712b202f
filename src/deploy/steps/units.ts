import type { RolloutState } from "../../contract/rollout.ts";
import { ExternalError } from "../../core/errors.ts";
import type { ReleasedService, ReleaseRow } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { findUnit, insertUnit, updateUnit } from "../../store/units.ts";
import { endUnit } from "../end-unit.ts";
import { context, hostsOf, type Run, sides, targetOf, unitRef } from "../run.ts";

/** Starts what is missing of a service's candidate units up to `count` on each host, hosts side by side; living ones of an earlier attempt are adopted. */
export async function startUnits(
  run: Run,
  service: string,
  released: ReleasedService,
  count: number,
  step: RolloutState,
): Promise<UnitRow[]> {
  const { candidate } = await sides(run, service);
  const onHost = async (host: string | undefined) => {
    const started: UnitRow[] = [];
    for (let ordinal = 0; ordinal < count; ordinal++)
      started.push(
        await adoptOrStart(run, candidate, { service, released, release: run.release, ordinal, step, host }),
      );
    return started;
  };
  // All have come to an end before one that failed is told of: what would start later would be missed by the clean-up.
  const ends = await Promise.allSettled(hostsOf(run).map(onHost));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
  return ends.flatMap((end) => (end.status === "fulfilled" ? end.value : []));
}

async function adoptOrStart(
  run: Run,
  candidate: readonly UnitRow[],
  wanted: Omit<StartOptions, "role">,
): Promise<UnitRow> {
  const { platform } = run.dependencies;
  const earlier = candidate.find(
    ({ ordinal, state, address }) => ordinal === wanted.ordinal && address.host === wanted.host && state === "running",
  );
  if (earlier && (await platform.observe(unitRef(earlier), context(run))).alive) return earlier;
  if (earlier) await endUnit(run.dependencies, earlier, 0, context(run));
  return await startUnit(run, { ...wanted, role: "candidate" });
}

interface StartOptions {
  service: string;
  released: ReleasedService;
  release: ReleaseRow;
  ordinal: number;
  step: RolloutState;
  role: "stable" | "candidate";
  /** One of the plan's; undefined where there is one place. */
  host?: string;
}

/** Starts one unit under a name fixed before the act, so that it is found again after a crash. */
export async function startUnit(
  run: Run,
  { service, release, released, ordinal, step, role, host }: StartOptions,
): Promise<UnitRow> {
  const { dependencies, row, journal } = run;
  const { store, platform } = dependencies;
  const id = nextId(run, unitName(run, { service, ordinal, role, host }));
  const place = host === undefined ? {} : { host };
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
    address: place,
    state: "starting" as const,
  };
  const ref = { id, target: targetOf(run, service), address: place };
  const labels = { rollout: row.id, generation: run.lease.generation, role };
  await journal.effect({
    key: `start:${id}`,
    step,
    target: service,
    intent: { unit: id, release: release.name, role, ...place },
    act: async () => {
      await insertUnit(store.db, record);
      const environment = await dependencies.resolveEnvironment(row.env, service, released);
      const address = await platform.start(
        { id, target: ref.target, release, environment, labels, ...place },
        context(run),
      );
      await updateUnit(store.db, id, { address: { ...place, ...address }, state: "running" });
      return { ...place, pid: address.pid, port: address.port };
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

function unitName(
  run: Run,
  { service, ordinal, role, host }: Pick<StartOptions, "service" | "ordinal" | "role" | "host">,
) {
  const place = host === undefined ? "" : `h${hostsOf(run).indexOf(host)}-`;
  return `${service}-${run.row.id.split("-").at(-1)}-${place}${ordinal}${role === "stable" ? "-back" : ""}`;
}

/** Stops a unit and records it; idempotent. */
export async function stopUnit(run: Run, unit: UnitRow, graceMs: number, step: RolloutState): Promise<void> {
  await run.journal.effect({
    key: `stop:${unit.id}`,
    step,
    target: unit.service,
    intent: { unit: unit.id, ...(unit.address.host === undefined ? {} : { host: unit.address.host }) },
    act: async () => {
      // Not the run's signal: a stop that has begun is finished even when the run is being aborted.
      const { generation } = run.lease;
      const signal = AbortSignal.timeout(graceMs + 30_000);
      return { ended: await endUnit(run.dependencies, unit, graceMs, { signal, generation }) };
    },
  });
}
