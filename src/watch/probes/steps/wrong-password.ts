import { randomBytes } from "node:crypto";
import type { Step } from "../../../config/checks.ts";
import type { Failure } from "../probe.ts";
import { newRun, runStep, type StepContext } from "./step.ts";

/** A refusal counts for so long, in milliseconds: accounts are locked after a few wrong passwords. */
const EVERY_MS = 3_600_000;
const PASSWORD = /^password$/i;

/** The first step whose JSON has a field `password`; -1 where none has. */
export function passwordStep(steps: readonly Step[]): number {
  return steps.findIndex(({ json }) => hasPassword(json));
}

/**
 * Whether a wrong password is refused, asked once an hour and until it is; null when it is, or cannot be said. The step is taken
 * with the cookies and values of the steps before it, as a stranger would come.
 */
export async function wrongPassword(
  steps: readonly Step[],
  number: number,
  context: StepContext,
): Promise<Failure | null> {
  const { id, refusals, clock } = context;
  const last = refusals?.get(id);
  const step = steps[number];
  if (!step || (last !== undefined && clock.monotonic() - last < EVERY_MS)) return null;
  const before = steps.slice(0, number);
  const run = newRun(steps, clock.now);
  for (const earlier of before) if (isFailed((await runStep(earlier, run, context)).failure)) return null;
  const { failure, body } = await runStep({ ...step, json: replaced(step.json) }, run, context);
  if (!isFailed(failure))
    return { outcome: "fail", class: "assertion", family: "auth", detail: "a wrong password was accepted too" };
  // Without an answer nothing was refused.
  if (body !== null) refusals?.set(id, clock.monotonic());
  return null;
}

function isFailed(failure: Failure | null): boolean {
  return failure !== null && failure.outcome !== "slow";
}

function hasPassword(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, item]) => (PASSWORD.test(key) && typeof item === "string") || hasPassword(item),
  );
}

function replaced(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      PASSWORD.test(key) && typeof item === "string"
        ? `wrong-${randomBytes(12).toString("base64url")}`
        : replaced(item),
    ]),
  );
}
