import type { ChannelConfig } from "../config/notify.ts";
import type { Channel, ChannelContext } from "./channel.ts";
import { consoleChannel } from "./console/channel.ts";
import { discordChannel } from "./discord/channel.ts";
import { emailChannel } from "./email/channel.ts";
import { opsgenieChannel } from "./opsgenie/channel.ts";
import { pagerdutyChannel } from "./pagerduty/channel.ts";
import { slackChannel } from "./slack/channel.ts";
import { webhookChannel } from "./webhook/channel.ts";

type Factories = {
  [K in ChannelConfig["kind"]]: (config: Extract<ChannelConfig, { kind: K }>, context: ChannelContext) => Channel;
};

/** Every kind of channel. */
const FACTORIES: Factories = {
  console: (_config, context) => consoleChannel(context),
  webhook: (config, context) => webhookChannel(config, context),
  slack: (config) => slackChannel(config),
  discord: (config) => discordChannel(config),
  pagerduty: (config) => pagerdutyChannel(config),
  opsgenie: (config) => opsgenieChannel(config),
  email: (config) => emailChannel(config),
};

/** Builds the channels of the manifest's `notify`; `${secret:…}` in the configs must be resolved already. */
export function createChannels(configs: Record<string, ChannelConfig>, context: ChannelContext): Map<string, Channel> {
  return new Map(Object.entries(configs).map(([name, config]) => [name, createChannel(config, context)]));
}

function createChannel<K extends ChannelConfig["kind"]>(
  config: Extract<ChannelConfig, { kind: K }>,
  context: ChannelContext,
): Channel {
  const factory: (config: Extract<ChannelConfig, { kind: K }>, context: ChannelContext) => Channel =
    FACTORIES[config.kind as K];
  return factory(config, context);
}
