import { clip } from "../../core/text.ts";
import type { Channel } from "../channel.ts";
import { postJson } from "../http.ts";
import type { Message } from "../message.ts";
import { actionsIn, pagerKey } from "../pagerduty/channel.ts";
import { plainText, titleOf } from "../text.ts";

const LONGEST_MESSAGE = 130;
const LONGEST_DESCRIPTION = 15_000;
const LONGEST_ALIAS = 512;
const PRIORITY = { SEV1: "P1", SEV2: "P2", SEV3: "P4" } as const;

/** The alert API of Opsgenie, also offered by others: one alert for each incident key, which is its alias. */
export function opsgenieChannel({ url, key }: { url: string; key: string }): Channel {
  return {
    reaches: "people",
    apart: true,
    send: async (message, signal, thread) => {
      const alias = pagerKey(message, LONGEST_ALIAS);
      for (const action of await actionsIn(thread, message)) {
        const path = action === "trigger" ? "" : `/${encodeURIComponent(alias)}/${VERB[action]}?identifierType=alias`;
        const body = action === "trigger" ? alertOf(message, alias) : { source: "stationmaster", note: message.text };
        await postJson({
          kind: "opsgenie",
          url: `${url.replace(/\/+$/, "")}/v2/alerts${path}`,
          headers: { authorization: `GenieKey ${key}` },
          body: JSON.stringify(body),
          signal,
        });
        await thread.keep(action);
      }
    },
  };
}

const VERB = { acknowledge: "acknowledge", resolve: "close" } as const;

function alertOf(message: Message, alias: string) {
  const { incident, environment, project } = message;
  return {
    message: clip(titleOf(message), LONGEST_MESSAGE),
    alias,
    description: plainText(message, LONGEST_DESCRIPTION),
    priority: message.kind === "test" ? "P5" : PRIORITY[incident.severity],
    source: "stationmaster",
    entity: `${project}/${environment}/${incident.service}`,
    tags: [incident.severity, environment],
    details: { incident: incident.id },
  };
}
