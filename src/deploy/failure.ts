import type { RolloutFailure } from "../contract/rollout.ts";
import { howItEnded } from "../contract/unit-exit.ts";
import { toKnownError } from "../core/errors.ts";
import { clip } from "../core/text.ts";
import { excerpt } from "./excerpt.ts";
import { MigrationFailure } from "./migrations/failure.ts";
import { context, type Run, sides, unitRef } from "./run.ts";
import { onHost, UnitFailure } from "./steps/health.ts";

const LOG_LINES = 30;
/** The cause may stand far before the end. */
const LOOKED_AT = 1_000;
const PROBE_CHARACTERS = 500;

/** What a person or an agent needs to know of a failure: code, message, the last log lines and probe body, what to do next. */
export async function describeFailure(run: Run, error: unknown): Promise<RolloutFailure> {
  const { redact } = run.dependencies;
  const { code, message, next } = toKnownError(error);
  const service = error instanceof UnitFailure ? error.unit.service : serviceIn(run, message);
  const { lines, why } = service ? await lastWords(run, service, error) : { lines: [], why: "" };
  return {
    code,
    message: redact(`${message}${why}`),
    service,
    next: next ?? null,
    logs: excerpt(lines, LOG_LINES).map(redact),
    probe: error instanceof UnitFailure && error.probe ? clip(redact(error.probe), PROBE_CHARACTERS) : null,
  };
}

/** What is left of a failure that cannot be stored. */
export function bareFailure({ code, service }: RolloutFailure): RolloutFailure {
  return {
    code,
    message: "it failed, and the database refused to store how",
    service,
    next: service && `read its log: stationmaster logs ${service}`,
    logs: [],
    probe: null,
  };
}

interface LastWords {
  lines: string[];
  /** What the message of the failure does not say: how a unit that was started again by itself had ended. */
  why: string;
}

/** Of the unit that failed; else of the first candidate that has ended once, or of the first of all. */
async function lastWords(run: Run, service: string, error: unknown): Promise<LastWords> {
  if (error instanceof MigrationFailure) return { lines: error.output, why: "" };
  const { logs } = run.dependencies.platform;
  const candidates = await sides(run, service).then(
    ({ candidate }) => candidate,
    () => [],
  );
  const units = error instanceof UnitFailure ? [error.unit] : candidates;
  const [first] = units;
  if (!logs || !first) return { lines: [], why: "" };
  for (const unit of units) {
    const end = await logs.firstEnd?.(unitRef(unit), LOOKED_AT, context(run)).catch(() => undefined);
    if (!end) continue;
    const untold = error instanceof UnitFailure ? null : end.exit;
    return { lines: end.lines, why: untold ? `: ${unit.id}${onHost(run, unit)} ${howItEnded(untold)}` : "" };
  }
  const lines = await logs.tail(unitRef(first), LOOKED_AT).catch(() => []);
  return { lines: lines.map(({ text }) => text), why: "" };
}

function serviceIn(run: Run, message: string): string | null {
  return run.plan.services.find(({ service }) => message.startsWith(`${service}:`))?.service ?? null;
}
