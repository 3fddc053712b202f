import { createReportIssueSync } from "../audit/issues/sync.ts";
import type { Incidents } from "../incidents/incidents.ts";
import { createIssueSync } from "../incidents/issues/sync.ts";
import type { Engine } from "./engine.ts";
import { gitHubAccess, openTracker } from "./github.ts";
import type { Loops } from "./loops.ts";
import { finishItem } from "./reports/action-items.ts";

const ROUND_MS = 15_000;
const WAKE_MS = 1_000;

interface IssueOptions {
  incidents: Pick<Incidents, "get" | "setFrozen">;
  /** Where people find the dashboard. */
  baseUrl(): string | null;
  report(error: unknown): void;
  /** Of several processes one writes the issues. */
  whenLeading(work: () => Promise<void>): () => Promise<void>;
}

/** From now on the issues of the manifest's repository show incidents, action items and audits: soon after an incident has changed, else every 15 s. */
export function keepIssues(loops: Loops, engine: Engine, options: IssueOptions): void {
  const round = createIssueRound(engine, options, loops.stopping);
  const { clock, bus } = engine;
  let nextAt = clock.monotonic();
  bus.subscribe(({ type }) => {
    if (type === "incident") nextAt = clock.monotonic();
  });
  const work = options.whenLeading(async () => {
    if (clock.monotonic() < nextAt) return;
    nextAt = clock.monotonic() + ROUND_MS;
    await round();
  });
  loops.every(WAKE_MS, work);
}

/** Answers one round over all of them, as the manifest in force says. It rejects with `SM-SECRET-MISSING`, or when the store fails. */
function createIssueRound(
  engine: Engine,
  { incidents, baseUrl, report }: IssueOptions,
  signal: AbortSignal,
): () => Promise<void> {
  let current: { of: string; sync: () => Promise<void> } | undefined;
  return async () => {
    const { store, environment, clock, redact, manifest } = engine;
    const access = await gitHubAccess(engine);
    const settings = access?.settings.issues;
    if (!settings || !(settings.environments ?? [environment]).includes(environment)) return;
    const of = JSON.stringify(access);
    if (current?.of !== of) {
      const { repository } = access;
      const tracker = await openTracker(access, signal);
      const place = { app: manifest.project, environment };
      const options = { store, place, repository, tracker, settings, clock, redact, report, signal };
      const syncIncidents = createIssueSync({ ...options, incidents, baseUrl });
      const finish = async (id: string, actor: string) => void (await finishItem(engine, id, actor));
      const syncReports = createReportIssueSync({ ...options, finishItem: finish });
      current = {
        of,
        sync: async () => {
          await syncIncidents();
          await syncReports();
        },
      };
    }
    await current.sync();
  };
}
