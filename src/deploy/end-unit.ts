import type { UnitEnd } from "../platforms/platform.ts";
import type { Context } from "../platforms/target.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { keepUnitEnd } from "../store/unit-ends.ts";
import { updateUnit } from "../store/units.ts";
import { type DeployDependencies, unitRef } from "./run.ts";

const MOST_CHARACTERS = 256 * 1_024;

/**
 * Stops a unit for good and records it; idempotent. How it ended and its last lines are kept before the platform forgets them:
 * whoever breaks off in between finds the unit still there. Answers what ended it.
 */
export async function endUnit(
  dependencies: Pick<DeployDependencies, "store" | "platform" | "redact">,
  unit: UnitRow,
  graceMs: number,
  context: Context,
): Promise<string> {
  const ended = await stopKeeping(dependencies, unit, graceMs, context);
  await updateUnit(dependencies.store.db, unit.id, { state: "stopped", stoppedAt: new Date() });
  return ended;
}

/** The same where the store goes on to hold it as what is to be replaced. */
export async function stopKeeping(
  { store, platform, redact }: Pick<DeployDependencies, "store" | "platform" | "redact">,
  unit: UnitRow,
  graceMs: number,
  context: Context,
): Promise<string> {
  return await platform.stop(unitRef(unit), graceMs, context, async ({ exit, lines }: UnitEnd) => {
    await keepUnitEnd(store.db, { unitId: unit.id, exit, lines: lastThatFit(lines.map(redact), MOST_CHARACTERS) });
  });
}

/** The last lines that have at most `most` characters together. */
export function lastThatFit(lines: readonly string[], most: number): string[] {
  let left = most;
  const first = lines.findLastIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return lines.slice(first + 1);
}
