import { formatDuration } from "../../core/duration.ts";
import { type ErrorDetail, ExternalError } from "../../core/errors.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { context, type ProbeAnswer, type Site, unitRef } from "../run.ts";

const POLL_MS = 150;
const GATE_PASSES = 3;
const GATE_SPACING_MS = 1_000;

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

/** Waits for the first healthy answer of a new unit; a unit that ends fails at once. */
export async function untilHealthy(site: Site, unit: UnitRow, released: ReleasedService): Promise<void> {
  await passes(site, unit, released, { count: 1, spacingMs: POLL_MS });
}

/** The health gate: three passes in a row, at least a second apart. Answers the transcript. */
export async function healthGate(site: Site, unit: UnitRow, released: ReleasedService): Promise<string[]> {
  return await passes(site, unit, released, { count: GATE_PASSES, spacingMs: GATE_SPACING_MS });
}

async function passes(
  site: Site,
  unit: UnitRow,
  released: ReleasedService,
  { count, spacingMs }: { count: number; spacingMs: number },
): Promise<string[]> {
  const { clock } = site.dependencies;
  const end = clock.monotonic() + released.startupMs;
  const transcript: string[] = [];
  let row = 0;
  for (;;) {
    const answer = await askUnit(site, unit, released);
    transcript.push(answer.detail);
    row = answer.ok ? row + 1 : 0;
    if (row >= count) return transcript.slice(-count);
    if (clock.monotonic() > end) throw unhealthy(unit, released, answer);
    await clock.sleep(answer.ok ? spacingMs : POLL_MS, site.signal);
  }
}

/** One look: the process lives and, where the service has a port, the probe passes. */
export async function askUnit(site: Site, unit: UnitRow, released: ReleasedService): Promise<ProbeAnswer> {
  const { platform, probe } = site.dependencies;
  const seen = await platform.observe(unitRef(unit), context(site));
  if (!seen.alive) {
    const how = seen.exit
      ? seen.exit.signal
        ? `was ended by ${seen.exit.signal}`
        : `exited with code ${seen.exit.code}`
      : "ended";
    throw new UnitFailure({
      code: "SM-UNIT-DIED",
      message: `${unit.service} ${how} ${formatDuration(Date.now() - unit.createdAt.getTime())} after its start`,
      next: `read its log: stationmaster logs ${unit.service}`,
      unit,
    });
  }
  if (released.kind === "worker" || !unit.address.port) return { ok: true, detail: "alive", body: null };
  return await probe(unit.service, released, unit.address.port, site.signal);
}

function unhealthy(unit: UnitRow, released: ReleasedService, answer: ProbeAnswer): UnitFailure {
  return new UnitFailure({
    code: "SM-UNIT-UNHEALTHY",
    message: `${unit.service} did not become healthy within ${formatDuration(released.startupMs)}: ${answer.detail}`,
    next: `read its log: stationmaster logs ${unit.service}`,
    unit,
    probe: answer.body,
  });
}
