import type { ChannelConfig } from "../config/schema.ts";
import type { Engine } from "./engine.ts";

/** Somebody must hear of an incident: without any channel the terminal does. */
export function channelConfigs({ manifest: { notify } }: Engine): Record<string, ChannelConfig> {
  return Object.keys(notify).length > 0 ? notify : { console: { kind: "console" } };
}
