import type { RolloutFailure } from "../contract/rollout.ts";
import { toKnownError } from "../core/errors.ts";
import { clip } from "../core/text.ts";
import { MigrationFailure } from "./migrations/failure.ts";
import { type Run, sides, unitRef } from "./run.ts";
import { UnitFailure } from "./steps/health.ts";

const LOG_LINES = 30;
const PROBE_CHARACTERS = 500;

/** What a person or an agent needs to know of a failure: code, message, the last log lines and probe body, what to do next. */
export async function describeFailure(run: Run, error: unknown): Promise<RolloutFailure> {
  const { redact } = run.dependencies;
  const { code, message, next } = toKnownError(error);
  const service = error instanceof UnitFailure ? error.unit.service : serviceIn(run, message);
  return {
    code,
    message: redact(message),
    service,
    next: next ?? null,
    logs: service ? (await lastLines(run, service, error)).map(redact) : [],
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

async function lastLines(run: Run, service: string, error: unknown): Promise<string[]> {
  if (error instanceof MigrationFailure) return error.output;
  const { logs } = run.dependencies.platform;
  const unit =
    error instanceof UnitFailure ? error.unit : (await sides(run, service).catch(() => undefined))?.candidate.at(0);
  if (!logs || !unit) return [];
  const lines = await logs.tail(unitRef(unit), LOG_LINES).catch(() => []);
  return lines.map(({ text }) => text);
}

function serviceIn(run: Run, message: string): string | null {
  return run.plan.services.find(({ service }) => message.startsWith(`${service}:`))?.service ?? null;
}
