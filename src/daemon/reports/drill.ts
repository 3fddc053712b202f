import type { Drill } from "../../contract/report.ts";
import { PolicyError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { redactDeep } from "../../core/redact.ts";
import type { Message } from "../../notify/message.ts";
import type { Outbox } from "../../notify/outbox.ts";
import { freePort } from "../../platforms/local/ports.ts";
import { and, eq } from "../../store/drizzle.ts";
import { insertDrill } from "../../store/reports.ts";
import { outbox as outboxTable } from "../../store/tables/incidents.ts";
import { drillCheck } from "../../watch/drill.ts";
import { findCheck } from "../../watch/find.ts";
import type { CheckSpec } from "../../watch/types.ts";
import { currentChecks } from "../checks.ts";
import type { Engine } from "../engine.ts";
import { toDrill } from "./rows.ts";

const DETECT_MS = 80_000;
const PAGE_MS = 30_000;
const LOOK_MS = 100;

/**
 * A fire drill: the check is run against nothing until it would be DOWN, then people are called with `DRILL` as for a SEV1, and told
 * that it is over. No incident is stored and nothing is healed. Throws UserError `SM-CHECK-UNKNOWN`, PolicyError `SM-DRILL-ALONE`.
 */
export async function holdDrill(
  engine: Engine,
  { check, actor, outbox }: { check: string; actor: string; outbox: Outbox | undefined },
): Promise<Drill> {
  if (!outbox)
    throw new PolicyError({
      code: "SM-DRILL-ALONE",
      message: "no daemon runs that could page anybody",
      next: "start it with stationmaster up",
    });
  const { store, clock, manifest, environment, redact } = engine;
  const spec = await findSpec(engine, check);
  const begunAt = new Date(clock.now());
  const id = newId("drill", clock.now());
  await engine.audit({ actor, action: "drill.begun", subject: spec.id, detail: { environment, drill: id } });
  const nowhere = `127.0.0.1:${await freePort(new Set())}`;
  const detectMs = await drillCheck(spec, { clock, redact, nowhere, signal: AbortSignal.timeout(DETECT_MS) });
  const call = detectMs === null ? null : await callPeople(engine, outbox, { id, spec, actor });
  const row = {
    ...{ id, app: manifest.project, environment, checkId: spec.id, type: spec.type, actor, begunAt, detectMs },
    ...{ pageMs: call?.ms ?? null, channel: call?.channel ?? null },
    outcome: detectMs === null ? ("not-detected" as const) : call ? ("paged" as const) : ("not-paged" as const),
  };
  await insertDrill(store.db, row);
  await engine.audit({ actor, action: "drill.ended", subject: spec.id, detail: { drill: id, outcome: row.outcome } });
  return toDrill(row);
}

/** By its id, or by its name in the manifest. */
async function findSpec(engine: Engine, name: string): Promise<CheckSpec> {
  return findCheck(await currentChecks(engine, () => {}), name, engine.environment);
}

interface Called {
  channel: string;
  /** From the message that was put down until the channel took it. */
  ms: number;
}

/** The first channel that takes the page, and then hears that it was a drill; null where none does in time. */
async function callPeople(
  engine: Engine,
  outbox: Outbox,
  about: Pick<Message["incident"], "id"> & { spec: CheckSpec; actor: string },
): Promise<Called | null> {
  const { store, clock, redact } = engine;
  const begun = clock.monotonic();
  await outbox.enqueue(store.db, redactDeep(drillMessage(engine, about, false), redact));
  outbox.kick();
  let called: Called | null = null;
  while (called === null && clock.monotonic() - begun < PAGE_MS) {
    const channel = await takenBy(engine, about.id);
    if (channel === undefined) await clock.sleep(LOOK_MS);
    else called = { channel, ms: clock.monotonic() - begun };
  }
  await outbox.enqueue(store.db, redactDeep(drillMessage(engine, about, true), redact));
  outbox.kick();
  return called;
}

async function takenBy({ store }: Engine, id: string): Promise<string | undefined> {
  const [row] = await store.db
    .select({ channel: outboxTable.channel })
    .from(outboxTable)
    .where(and(eq(outboxTable.incidentId, id), eq(outboxTable.state, "delivered")))
    .limit(1);
  return row?.channel;
}

function drillMessage(
  { manifest, environment, clock }: Engine,
  { id, spec, actor }: { id: string; spec: CheckSpec; actor: string },
  over: boolean,
): Message {
  const at = new Date(clock.now()).toISOString();
  const symptom = `DRILL: ${spec.id} fails`;
  return {
    ...{ version: 1, kind: over ? "resolved" : "opened", event: over ? 2 : 1, at },
    ...{ project: manifest.project, environment },
    incident: {
      ...{ id, key: id, state: over ? "resolved" : "open", severity: "SEV1", symptom, critical: true },
      ...{ service: spec.service ?? spec.component, since: at, failedChecks: [spec.id] },
      ...{ occurrence: 1, acknowledged: false },
    },
    text: over
      ? "DRILL: it is over, nothing was wrong"
      : `DRILL by ${actor}: nothing is wrong, this tries whether a page arrives`,
    doing: "a fire drill",
    todo: "no action needed",
    links: [],
  };
}
