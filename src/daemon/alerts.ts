import { Secret } from "../core/redact.ts";
import { type Alerts, createAlerts } from "../incidents/alerts/alerts.ts";
import type { Incidents } from "../incidents/incidents.ts";
import type { OpenIncident } from "../notify/alertmanager/decide.ts";
import { type AlertSender, createAlertSender } from "../notify/alertmanager/sender.ts";
import type { Engine } from "./engine.ts";
import type { AlertHook } from "./usecases.ts";

const MOST_OPEN = 1_000;

/** Alerts of Alertmanager on their way to the incidents. */
export function openAlerts(engine: Engine, { handle }: Pick<Incidents, "handle">): Alerts {
  const { store, environment, clock, redact, bus, manifest } = engine;
  return createAlerts({
    ...{ store, app: manifest.project, environment, clock, redact },
    settings: () => ({ services: Object.keys(engine.manifest.services), alertmanager: engine.manifest.alertmanager }),
    handle: async (event) => {
      await handle(event);
      bus.emit({ type: "status" });
    },
  });
}

/** The door for Alertmanager's webhook, if the manifest opens one. Throws UserError when its secret is missing. */
export async function alertHook(engine: Engine, { take }: Alerts): Promise<AlertHook | undefined> {
  const secret = engine.manifest.alertmanager?.receive?.secret;
  if (secret === undefined) return undefined;
  return { secret: new Secret("alertmanager", await engine.resolve(secret, "alertmanager.receive.secret")), take };
}

interface TellOptions {
  incidents: Pick<Incidents, "list">;
  /** Where people find the dashboard. */
  baseUrl(): string | null;
  report(error: unknown): void;
}

/** Answers what keeps the Alertmanagers of the manifest told; to be called every few seconds. One that is away holds up no other. */
export function createAlertRound(
  engine: Engine,
  { incidents, baseUrl, report }: TellOptions,
): (signal: AbortSignal) => Promise<void> {
  const senders = new Map<string, AlertSender>();
  const away = new Set<string>();

  async function tell(text: string, open: readonly OpenIncident[], signal: AbortSignal): Promise<void> {
    try {
      const url = await engine.resolve(text, "alertmanager.send");
      const sender = senders.get(url) ?? createAlertSender(url);
      senders.set(url, sender);
      await sender.tell(open, engine.clock.now(), signal);
      away.delete(text);
    } catch (error) {
      // Said once, not with every attempt.
      if (!away.has(text) && !signal.aborted) report(error);
      away.add(text);
    }
  }

  return async (signal) => {
    const targets = engine.manifest.alertmanager?.send ?? [];
    if (targets.length === 0) return;
    const open = (await incidents.list({ state: "unclosed", limit: MOST_OPEN })).map(
      ({ id, service, environment, severity, symptom, openedAt }) => {
        const base = baseUrl();
        return { id, service, environment, severity, symptom, openedAt, link: base && `${base}/incidents/${id}` };
      },
    );
    await Promise.all(targets.map((target) => tell(target, open, signal)));
  };
}
