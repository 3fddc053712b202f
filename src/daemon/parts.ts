import { isProtected } from "../config/environments.ts";
import type { Alerts } from "../incidents/alerts/alerts.ts";
import type { AuditEntry } from "../incidents/audit.ts";
import { createIncidents, type Incidents } from "../incidents/incidents.ts";
import type { IncidentsOptions } from "../incidents/options.ts";
import { createSilences, type Silences } from "../incidents/silences/silences.ts";
import { timingFor } from "../watch/timing.ts";
import { createWatch, type Watch, type WatchOptions } from "../watch/watch.ts";
import type { Member } from "../watch/workers/shards.ts";
import { openAlerts } from "./alerts.ts";
import { alone, type Crew, createCrew, withoutRollouts } from "./crew.ts";
import { createDevOps } from "./devops/devops.ts";
import { createSweep } from "./devops/sweep.ts";
import type { Engine } from "./engine.ts";
import { healingEffects } from "./heal.ts";
import { createHeartbeats, type Heartbeats } from "./heartbeats.ts";
import { linksFor, runbooksFor } from "./links.ts";
import { needsLookup } from "./needs.ts";
import { settingsOf } from "./project.ts";
import { createTelling, type Telling } from "./telling.ts";
import { hostReach, plannedOutage, processLookup } from "./watching.ts";

/** The watching and healing half, wired but not started. */
export interface Parts {
  watch: Watch;
  incidents: Incidents;
  silences: Silences;
  alerts: Alerts;
  outbox: Telling["outbox"];
  callAgain: Telling["callAgain"];
  /** Work that one process of all does. */
  whenLeading(work: () => Promise<void>): () => Promise<void>;
  /** This process among those that watch together. */
  crew: Crew;
  heartbeats: Heartbeats;
  /** Tells the person at the terminal what failed. */
  report(error: unknown): void;
}

export interface PartsOptions {
  /** Hears of each run. */
  onResult?: WatchOptions["onResult"];
  /** Left out: this process watches alone, or nothing. */
  shares?: Member["role"] | undefined;
  /** False for one command, which sends nothing: it must not need the secrets of the channels. */
  sends?: boolean;
  /** Where people find the dashboard, for links in messages. */
  baseUrl(): string | null;
  /** One line for the person at the terminal. */
  print(line: string): void;
  report(error: unknown): void;
  /** Work that the stop waits for. */
  track?<T>(work: Promise<T>): Promise<T>;
}

export async function createParts(
  engine: Engine,
  { sends = true, shares, onResult, baseUrl, print, report, track }: PartsOptions,
): Promise<Parts> {
  const { store, clock, redact, manifest, environment, bus } = engine;
  const app = manifest.project;
  const links = linksFor(engine, baseUrl);
  const telling = await createTelling(engine, { sends, links, print, report });
  let watch: Watch;
  const silences = createSilences({
    ...{ store, app, environment, clock, report },
    windows: () => engine.manifest.maintenance,
    serviceOf: (checkId) => watch.verdicts().find(({ id }) => id === checkId)?.service ?? null,
  });
  const effects = healingEffects(engine, () => watch, track);
  const options: IncidentsOptions = {
    store,
    app,
    environment,
    clock,
    redact,
    remedies: manifest.remedies,
    isProtected: isProtected(environment, settingsOf(manifest, environment)),
    clearsSessions: manifest.devops !== undefined,
    effects: shares === "worker" ? withoutRollouts(effects) : effects,
    needs: needsLookup(engine, () => watch, silences),
    silences,
    notify: telling.notify,
    timing: timingFor,
    onChange: (id) => bus.emit({ type: "incident", id }),
    audit: (entry) => {
      if (TOLD_HERE.includes(entry.action)) print(healingLine(entry));
      return engine.audit(entry);
    },
    links,
    runbooks: runbooksFor(engine),
    report,
  };
  const newTerm = (change: Pick<IncidentsOptions, "leaveWork"> = {}) => createIncidents({ ...options, ...change });
  // One command ends before any work would: whoever leads does it, or the daemon when it starts.
  const solo = newTerm(sends ? {} : { leaveWork: () => {} });
  const heartbeats = createHeartbeats(engine, () => watch);
  const sweep = createSweep({
    devops: createDevOps(engine),
    clock,
    everyMs: () => engine.manifest.devops?.clear_every,
    report,
    track: track ?? ((work) => work),
  });
  watch = createWatch({
    store,
    environment,
    clock,
    redact,
    processes: processLookup(engine),
    reach: hostReach(engine),
    heartbeats: heartbeats.lookup,
    planned: () => plannedOutage(engine),
    inMaintenance: silences.inMaintenance,
    onVerdict: async (event) => {
      await solo.handle(event);
      bus.emit({ type: "checks" });
      bus.emit({ type: "status" });
    },
    onResult: (spec, run) => {
      sweep(spec);
      onResult?.(spec, run);
    },
    onProblem: (_what, error) => report(error),
    anchors: manifest.watch.anchors,
    shared: shares !== undefined,
  });
  const shared = shares && createCrew({ engine, role: shares, watch, newTerm, report, track });
  if (shared) watch = shared.watch;
  const incidents = shared?.incidents ?? solo;
  const alerts = openAlerts(engine, incidents);
  const { outbox } = telling;
  const whenLeading: Parts["whenLeading"] = shared?.whenLeading ?? ((work) => work);
  return {
    watch,
    incidents,
    silences,
    alerts,
    heartbeats,
    outbox,
    callAgain: whenLeading(telling.callAgain),
    whenLeading,
    report,
    crew: shared?.crew ?? alone(solo),
  };
}

/** The steps of healing, of which the channels are not told one by one. */
const TOLD_HERE = ["incident.action", "incident.failed"];

function healingLine({ subject, detail }: AuditEntry): string {
  const { severity, environment, service, text } = detail;
  return `${severity} ${environment}/${service}: ${text} (${subject})`;
}
