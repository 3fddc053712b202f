import type { ChannelConfig } from "../config/schema.ts";
import type { AuditEntry } from "../incidents/audit.ts";
import { createIncidents, type Incidents } from "../incidents/incidents.ts";
import { enqueue } from "../notify/enqueue.ts";
import { createOutbox, type Outbox } from "../notify/outbox.ts";
import { createChannels } from "../notify/registry.ts";
import { timingFor } from "../watch/timing.ts";
import { createWatch, type Watch } from "../watch/watch.ts";
import { channelConfigs } from "./channels.ts";
import type { Engine } from "./engine.ts";
import { healingEffects } from "./heal.ts";
import { hostReach, plannedOutage, processLookup } from "./watching.ts";

/** The watching and healing half, wired but not started. */
export interface Parts {
  watch: Watch;
  incidents: Incidents;
  /** Undefined where nothing is sent: messages wait for the next daemon. */
  outbox: Outbox | undefined;
  /** Tells the person at the terminal what failed. */
  report(error: unknown): void;
}

export interface PartsOptions {
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
  { sends = true, baseUrl, print, report, track }: PartsOptions,
): Promise<Parts> {
  const { store, clock, redact, manifest, environment, bus } = engine;
  const app = manifest.project;
  const { escalate } = manifest;
  const configs = channelConfigs(engine);
  const outbox = sends
    ? createOutbox({
        store,
        app,
        clock,
        channels: createChannels(await resolved(engine, configs), { now: clock.now, print }),
        escalate,
        redact,
        report,
      })
    : undefined;
  const unsent: Pick<Outbox, "enqueue" | "kick"> = {
    enqueue: (tx, message) => enqueue(tx, message, { app, clock, channels: Object.keys(configs), escalate }),
    kick: () => {},
  };
  let watch: Watch;
  const incidents = createIncidents({
    store,
    app,
    environment,
    clock,
    redact,
    remedies: manifest.remedies,
    effects: healingEffects(engine, () => watch, track),
    notify: outbox ?? unsent,
    timing: timingFor,
    onChange: (id) => bus.emit({ type: "incident", id }),
    audit: (entry) => {
      if (TOLD_HERE.includes(entry.action)) print(healingLine(entry));
      return engine.audit(entry);
    },
    links: (id) => (baseUrl() ? [{ title: "incident", url: `${baseUrl()}/incidents/${id}` }] : []),
    report,
  });
  watch = createWatch({
    store,
    environment,
    clock,
    redact,
    processes: processLookup(engine),
    reach: hostReach(engine),
    planned: () => plannedOutage(engine),
    onVerdict: async (event) => {
      await incidents.handle(event);
      bus.emit({ type: "checks" });
      bus.emit({ type: "status" });
    },
    onProblem: (_what, error) => report(error),
  });
  return { watch, incidents, outbox, report };
}

/** The steps of healing, of which the channels are not told one by one. */
const TOLD_HERE = ["incident.action", "incident.failed"];

function healingLine({ subject, detail }: AuditEntry): string {
  const { severity, environment, service, text } = detail;
  return `${severity} ${environment}/${service}: ${text} (${subject})`;
}

async function resolved(
  engine: Engine,
  configs: Record<string, ChannelConfig>,
): Promise<Record<string, ChannelConfig>> {
  const entries = Object.entries(configs).map(async ([name, config]) => {
    const pairs = Object.entries(config).map(
      async ([key, value]) =>
        [key, typeof value === "string" ? await engine.resolve(value, `notify.${name}.${key}`) : value] as const,
    );
    return [name, Object.fromEntries(await Promise.all(pairs)) as ChannelConfig] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
