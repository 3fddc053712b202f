import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { Effects } from "./execute.ts";
import type { IncidentRecord, LifecycleEvent } from "./types.ts";

const LOOK_MS = 5_000;

interface LookOptions {
  clock: Clock;
  redact: Redactor;
  effects: Pick<Effects, "gone">;
  signal: AbortSignal;
}

/** The event that what an action brought up is dead again; undefined while it lives or nobody knows. Never rejects. */
export async function goneAgain(
  { service, healing }: IncidentRecord,
  { clock, redact, effects, signal }: LookOptions,
): Promise<LifecycleEvent | undefined> {
  const { action } = healing;
  if (service === null || action === null) return undefined;
  const asked = withDeadline((deadline) => effects.gone(service, deadline), LOOK_MS, signal);
  const detail = await asked.catch(() => null);
  return detail === null ? undefined : { type: "gone", action, detail: redact(detail), at: clock.now() };
}
