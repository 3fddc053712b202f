import type { RolloutState } from "../../contract/rollout.ts";
import { howItEnded } from "../../contract/unit-exit.ts";
import { formatDuration } from "../../core/duration.ts";
import { type ErrorDetail, ExternalError } from "../../core/errors.ts";
import { noteHealthy } from "../../store/boot-times.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { context, type ProbeAnswer, type Run, type Site, unitRef } from "../run.ts";

const POLL_MS = 150;
const GATE_PASSES = 3;
const GATE_SPACING_MS = 1_000;
/** For a unit that answered well once and then now and then not. */
const GATE_MS = 30_000;

/** A unit is not what users should get; carries what its probe said last. */
export class UnitFailure extends ExternalError {
  readonly unit: UnitRow;
  readonly probe: string | null;

  constructor(detail: ErrorDetail & { unit: UnitRow; probe?: string | null }) {
    super(detail);
    this.unit = detail.unit;
    this.probe = detail.probe ?? null;
  }
}

/** Waits for the first healthy answer of a new unit, as long as its service may take to start; a unit that ends fails at once. */
export async function untilHealthy(site: Site, unit: UnitRow, released: ReleasedService): Promise<void> {
  await passes(site, unit, released, { count: 1, spacingMs: POLL_MS, withinMs: released.startupMs });
  // Started by one who crashed, it may have been well long before.
  if (unit.generation === site.lease?.generation) await noteHealthy(site.dependencies.store.db, unit.id);
}

/** The same for all new units of a service, in the journal: it can take minutes, and who follows sees what is waited for. */
export async function serviceHealthy(
  run: Run,
  { service, ...effect }: { service: string; released: ReleasedService; units: readonly UnitRow[]; step: RolloutState },
): Promise<void> {
  await run.journal.effect({
    // By generation: whoever takes over after a crash asks again.
    key: `health:${service}@${run.lease.generation}`,
    step: effect.step,
    target: service,
    act: async () => {
      await Promise.all(effect.units.map((unit) => untilHealthy(run, unit, effect.released)));
      return {};
    },
  });
}

/** The health gate: three passes in a row, at least a second apart, in a time of its own once the unit answered well. Answers the transcript. */
export async function healthGate(site: Site, unit: UnitRow, released: ReleasedService): Promise<string[]> {
  await untilHealthy(site, unit, released);
  return await passes(site, unit, released, { count: GATE_PASSES, spacingMs: GATE_SPACING_MS, withinMs: GATE_MS });
}

async function passes(
  site: Site,
  unit: UnitRow,
  released: ReleasedService,
  { count, spacingMs, withinMs }: { count: number; spacingMs: number; withinMs: number },
): Promise<string[]> {
  const { clock } = site.dependencies;
  const end = clock.monotonic() + withinMs;
  const transcript: string[] = [];
  let row = 0;
  for (;;) {
    const answer = await askUnit(site, unit, released);
    transcript.push(answer.detail);
    row = answer.ok ? row + 1 : 0;
    if (row >= count) return transcript.slice(-count);
    if (!answer.ok && clock.monotonic() > end) throw unhealthy(site, unit, withinMs, answer);
    await clock.sleep(answer.ok ? spacingMs : POLL_MS, site.signal);
  }
}

/** One look: the process lives and, where the service has a port, the probe passes; `restarts`: how often the target started it again by itself. */
export async function askUnit(
  site: Site,
  unit: UnitRow,
  released: ReleasedService,
): Promise<ProbeAnswer & { restarts: number }> {
  const { platform, probe } = site.dependencies;
  const seen = await platform.observe(unitRef(unit), context(site));
  if (!seen.alive) {
    const how = seen.exit ? howItEnded(seen.exit) : "ended";
    throw new UnitFailure({
      code: "SM-UNIT-DIED",
      message: `${unit.service}${onHost(site, unit)} ${how} ${formatDuration(Date.now() - unit.createdAt.getTime())} after its start`,
      next: `read its log: stationmaster logs ${unit.service} --release ${unit.release}`,
      unit,
    });
  }
  const { restarts = 0 } = seen;
  if (released.kind === "worker" || !unit.address.port) return { ok: true, detail: "alive", body: null, restarts };
  const port = (await platform.reach?.(unitRef(unit), context(site))) ?? unit.address.port;
  return { ...(await probe(unit.service, released, port, site.signal)), restarts };
}

/** Where it ran, when that is not the only place. */
export function onHost({ dependencies }: Site, { address }: Pick<UnitRow, "address">): string {
  const several = (dependencies.platform.hosts?.() ?? []).length > 1;
  return several && address.host !== undefined ? ` on ${address.host}` : "";
}

function unhealthy(site: Site, unit: UnitRow, withinMs: number, answer: ProbeAnswer): UnitFailure {
  return new UnitFailure({
    code: "SM-UNIT-UNHEALTHY",
    message: `${unit.service}${onHost(site, unit)} did not become healthy within ${formatDuration(withinMs)}: ${answer.detail}`,
    next: `read its log: stationmaster logs ${unit.service} --release ${unit.release}`,
    unit,
    probe: answer.body,
  });
}
