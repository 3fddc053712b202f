import type { ChannelConfig } from "../config/schema.ts";
import { createIncidents, type Incidents } from "../incidents/incidents.ts";
import { createOutbox, type Outbox } from "../notify/outbox.ts";
import { createChannels } from "../notify/registry.ts";
import { timingFor } from "../watch/timing.ts";
import { createWatch, type Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { healingEffects } from "./heal.ts";
import { processLookup } from "./watching.ts";

/** The watching and healing half, wired but not started. */
export interface Parts {
  watch: Watch;
  incidents: Incidents;
  outbox: Outbox;
}

export interface PartsOptions {
  /** False for one command that sends nothing: it must not need the secrets of the channels. */
  channels?: boolean;
  /** Where people find the dashboard, for links in messages. */
  baseUrl(): string | null;
  /** One line for the person at the terminal. */
  print(line: string): void;
  report(error: unknown): void;
}

export async function createParts(
  engine: Engine,
  { channels: open = true, baseUrl, print, report }: PartsOptions,
): Promise<Parts> {
  const { store, clock, redact, manifest, environment, bus } = engine;
  const channels = createChannels(open ? await resolvedChannels(engine) : {}, { now: clock.now, print });
  const outbox = createOutbox({
    store,
    app: manifest.project,
    clock,
    channels,
    escalate: manifest.escalate,
    redact,
    report: (line) => report(line),
  });
  let watch: Watch;
  const incidents = createIncidents({
    store,
    app: manifest.project,
    environment,
    clock,
    redact,
    remedies: manifest.remedies,
    effects: healingEffects(engine, () => watch),
    notify: outbox,
    timing: timingFor,
    onChange: (id) => bus.emit({ type: "incident", id }),
    audit: (entry) => engine.audit(entry),
    links: (id) => (baseUrl() ? [{ title: "incident", url: `${baseUrl()}/incidents/${id}` }] : []),
    report,
  });
  watch = createWatch({
    store,
    environment,
    clock,
    redact,
    processes: processLookup(engine),
    onVerdict: async (event) => {
      await incidents.handle(event);
      bus.emit({ type: "checks" });
      bus.emit({ type: "status" });
    },
    onProblem: (_what, error) => report(error),
  });
  return { watch, incidents, outbox };
}

async function resolvedChannels(engine: Engine): Promise<Record<string, ChannelConfig>> {
  const { notify } = engine.manifest;
  // Somebody must hear of an incident: without any channel the terminal does.
  const configured = Object.keys(notify).length > 0 ? notify : { console: { kind: "console" as const } };
  const entries = Object.entries(configured).map(async ([name, config]) => {
    const pairs = Object.entries(config).map(
      async ([key, value]) =>
        [key, typeof value === "string" ? await engine.resolve(value, `notify.${name}.${key}`) : value] as const,
    );
    return [name, Object.fromEntries(await Promise.all(pairs)) as ChannelConfig] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
