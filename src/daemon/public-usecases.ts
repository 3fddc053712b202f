import { type KnownError, PolicyError, toKnownError, UserError } from "../core/errors.ts";
import type { Alerts } from "../incidents/alerts/alerts.ts";
import type { Incidents } from "../incidents/incidents.ts";
import { insertPublicUpdate } from "../store/public-updates.ts";
import type { Watch } from "../watch/watch.ts";
import { alertHook } from "./alerts.ts";
import type { Engine } from "./engine.ts";
import { readPage } from "./status-page/read.ts";
import type { UseCases } from "./usecases.ts";

/** Anybody may ask for the page, so it is made no more often than this. */
const KEPT_MS = 5_000;

type PublicUseCases = Pick<UseCases, "statusPage" | "publishIncident" | "alertHook">;

interface Rooms {
  watch: Pick<Watch, "list">;
  incidents: Pick<Incidents, "get">;
  alerts: Alerts;
  onBackgroundError(error: KnownError): void;
}

/** What the public is told, and what other programs tell us. */
export function publicUseCases(engine: Engine, { watch, incidents, alerts, onBackgroundError }: Rooms): PublicUseCases {
  let kept: { until: number; page: ReturnType<typeof readPage> } | undefined;

  async function make() {
    const { status_page: settings } = engine.manifest;
    if (!settings)
      throw new UserError({
        code: "SM-STATUS-PAGE-UNKNOWN",
        message: "there is no status page",
        next: "add status_page to the manifest",
      });
    return await readPage(engine, settings, await watch.list());
  }

  return {
    alertHook: async () => {
      try {
        return await alertHook(engine, alerts);
      } catch (error) {
        // Who calls may be anybody: what is wrong with the manifest is not for them.
        onBackgroundError(toKnownError(error));
        return undefined;
      }
    },
    statusPage: async () => {
      const now = engine.clock.monotonic();
      if (!kept || now >= kept.until) kept = { until: now + KEPT_MS, page: make() };
      return await kept.page;
    },
    publishIncident: async (id, text, actor) => {
      const found = await incidents.get(id);
      if (!found || found.state === "suspect")
        throw new UserError({
          code: "SM-INCIDENT-UNKNOWN",
          message: `there is no incident ${id}`,
          next: "see stationmaster incidents --all",
        });
      if (!engine.manifest.status_page)
        throw new PolicyError({
          code: "SM-STATUS-PAGE-OFF",
          message: "there is no status page to publish it on",
          next: "add status_page to the manifest",
        });
      const said = engine.redact(text);
      const { store, clock, manifest } = engine;
      const at = new Date(clock.now());
      await insertPublicUpdate(store.db, { app: manifest.project, incidentId: id, text: said, actor, at });
      await engine.audit({ actor, action: "incident.published", subject: id, detail: { text: said } });
      kept = undefined;
      engine.bus.emit({ type: "incident", id });
      return { id, at: at.toISOString(), text: said };
    },
  };
}
