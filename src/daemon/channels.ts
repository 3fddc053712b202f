import type { ChannelConfig } from "../config/notify.ts";
import type { Channel } from "../notify/channel.ts";
import { createChannels } from "../notify/registry.ts";
import type { Engine } from "./engine.ts";

/** Somebody must hear of an incident: without any channel the terminal does. */
export function channelConfigs({ manifest: { notify } }: Engine): Record<string, ChannelConfig> {
  return Object.keys(notify).length > 0 ? notify : { console: { kind: "console" } };
}

/** The channels, ready to send. Throws UserError `SM-SECRET-MISSING`. */
export async function openChannels(
  engine: Engine,
  { print, only }: { print(line: string): void; only?: string | undefined },
): Promise<Map<string, Channel>> {
  const wanted = Object.entries(channelConfigs(engine)).filter(([name]) => only === undefined || name === only);
  const configs = wanted.map(async ([name, config]) => {
    const pairs = Object.entries(config).map(
      async ([key, value]) => [key, await resolved(engine, value, `notify.${name}.${key}`)] as const,
    );
    return [name, Object.fromEntries(await Promise.all(pairs)) as ChannelConfig] as const;
  });
  return createChannels(Object.fromEntries(await Promise.all(configs)), { now: engine.clock.now, print });
}

async function resolved(engine: Engine, value: string | string[] | undefined, where: string) {
  if (value === undefined) return undefined;
  return Array.isArray(value)
    ? await Promise.all(value.map((item) => engine.resolve(item, where)))
    : await engine.resolve(value, where);
}
