import type { DeployRequest } from "../contract/requests.ts";
import type { PlannedMigration, PreflightRow } from "../contract/rollout.ts";
import { newId } from "../core/ids.ts";
import { contentOf } from "../deploy/preflight/content.ts";
import { override } from "../deploy/preflight/override.ts";
import { preflight } from "../deploy/preflight/preflight.ts";
import { loadUnclosed } from "../incidents/rows.ts";
import { insertApproval } from "../store/approvals.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { announce } from "./announce.ts";
import type { Engine } from "./engine.ts";
import { knownMigrations, migratingIn } from "./migration-records.ts";
import type { Planned } from "./planned.ts";
import { missingSecrets, NIGHT_SHIFT } from "./require.ts";

const DEADLINE_MS = 60_000;

/**
 * The plan with its pre-flight, and with what is known of its migrations. The rows are no part of the plan's hash: that says what is done, and whether it may be done
 * changes with time and with what people vouch for, so it is looked at anew when the rollout begins.
 */
export async function withPreflight(
  engine: Engine,
  wanted: Planned,
  { override: items = [], breakGlass = false, reason }: Pick<DeployRequest, "override" | "breakGlass" | "reason">,
): Promise<Planned> {
  const { store, platform, clock } = engine;
  const { manifest, secrets } = wanted.project;
  const known = wanted.plan.kind === "deploy" ? await knownMigrations(engine, wanted) : undefined;
  const planned = withNightShift(withUses(withMigrations(wanted, known?.migrations), platform));
  const rows = await preflight(
    {
      ...{ manifest, store, platform, now: clock.now() },
      // A preview is not asked for what it may not have.
      hasSecret: (name) => secrets.allows?.(name) === false || secrets.find(name) !== undefined,
      openSev1: () => openSev1(engine),
      migrations: known?.facts,
      signal: AbortSignal.timeout(DEADLINE_MS),
    },
    planned,
  );
  const judged = override(rows, { items, breakGlass, reason }, planned.actor);
  return judged.length === 0 ? planned : { ...planned, plan: { ...planned.plan, preflight: judged } };
}

/** The rollout itself does without them, the daemon does not. */
function withNightShift(planned: Planned): Planned {
  const missing = planned.plan.kind === "deploy" ? missingSecrets(planned.project, NIGHT_SHIFT) : [];
  if (missing.length === 0) return planned;
  const note = `not set, and needed to watch, heal and notify: ${missing.join(", ")}`;
  return { ...planned, plan: { ...planned.plan, warnings: [...planned.plan.warnings, note] } };
}

/** Told, not agreed to: the hash has it all already. */
function withUses(planned: Planned, { uses }: Engine["platform"]): Planned {
  if (!uses) return planned;
  const services = planned.plan.services.map((item) => {
    const released = planned.services[item.service];
    return released && item.action !== "keep" && item.action !== "remove" ? { ...item, uses: uses(released) } : item;
  });
  return { ...planned, plan: { ...planned.plan, services } };
}

/** Nobody has looked: the rollout does, and stops before users see anything where something is wrong. */
function withMigrations(planned: Planned, known: PlannedMigration[] | undefined): Planned {
  const { plan } = planned;
  const names = plan.kind === "deploy" ? migratingIn(planned) : [];
  if (names.length === 0) return planned;
  if (known) return known.length > 0 ? { ...planned, plan: { ...plan, migrations: known } } : planned;
  const note = `pending migrations of ${names.join(", ")} run before the start; stationmaster migrations ${plan.environment} shows and tries them first`;
  return { ...planned, plan: { ...plan, warnings: [...plan.warnings, note] } };
}

async function openSev1({ store, manifest, environment }: Engine): Promise<{ id: string; text: string }[]> {
  return (await loadUnclosed(store.db, { app: manifest.project, environment }))
    .filter(({ severity, state }) => severity === "SEV1" && (state === "open" || state === "healing"))
    .map(({ id, service, component, symptom }) => ({ id, text: `${service ?? component}: ${symptom}` }));
}

/** What somebody took on himself with a rollout is stored, in the audit, and told before anything is done. */
export async function recordOverrides(engine: Engine, { plan, services }: Planned, row: RolloutRow): Promise<void> {
  for (const item of plan.preflight ?? []) if (item.override) await record(engine, item, item.override);

  async function record(
    { store, manifest, environment }: Engine,
    { item, evidence }: PreflightRow,
    { who, reason }: NonNullable<PreflightRow["override"]>,
  ): Promise<void> {
    const glass = item === "window";
    const id = newId("ap");
    await insertApproval(store.db, {
      ...{ id, app: manifest.project, env: environment, release: plan.release, what: `override:${item}`, who },
      evidence: { note: reason, was: evidence, rollout: row.id, content: contentOf(services) },
    });
    await engine.audit({
      actor: who,
      action: glass ? "preflight.break-glass" : "preflight.override",
      subject: row.id,
      detail: { environment, release: plan.release, item, was: evidence, reason },
    });
    await announce(engine, {
      ...{ id, severity: glass ? "SEV1" : "SEV2", subject: "deploy" },
      text: `${who} ships ${plan.release} past ${item} (${evidence}): ${reason}`,
      doing: `the rollout ${row.id} goes on`,
      todo: `if that is wrong: stationmaster abort ${row.id}`,
    });
  }
}
