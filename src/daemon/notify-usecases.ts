import { UserError } from "../core/errors.ts";
import { Secret } from "../core/redact.ts";
import type { Incidents } from "../incidents/incidents.ts";
import { incidentOfKey } from "../incidents/telling.ts";
import { listNotifications } from "../notify/read.ts";
import { tryChannel } from "../notify/try-channel.ts";
import { insertChannelTests } from "../store/reports.ts";
import { readCalling } from "./calling.ts";
import { channelConfigs, openChannels } from "./channels.ts";
import type { Engine } from "./engine.ts";
import type { UseCases } from "./usecases.ts";

type NotifyUseCases = Pick<UseCases, "notifications" | "calling" | "testNotifications" | "pagerHook">;

/** What the doors ask about channels and what was sent. */
export function notifyUseCases(engine: Engine, incidents: Incidents): NotifyUseCases {
  const { store, clock, redact, environment } = engine;
  const project = engine.manifest.project;
  return {
    notifications: (query) => listNotifications(store.db, { app: project, ...query }),
    calling: () => readCalling(engine),
    testNotifications: async ({ channel: only }, actor) => {
      const names = Object.keys(channelConfigs(engine));
      if (only !== undefined && !names.includes(only))
        throw new UserError({
          code: "SM-NOTIFY-UNKNOWN",
          message: `there is no channel "${only}"`,
          next: `there are ${names.join(", ")}`,
        });
      const channels = await openChannels(engine, { print: (line) => process.stderr.write(`${line}\n`), only });
      await engine.audit({
        actor,
        action: "notify.test",
        subject: only ?? "all",
        detail: { channels: [...channels.keys()] },
      });
      const trial = { project, environment, actor, clock, redact };
      const tests = await Promise.all([...channels].map(([name, channel]) => tryChannel(name, channel, trial)));
      const at = new Date(clock.now());
      await insertChannelTests(
        store.db,
        tests.map((test) => ({ app: project, at, ...test })),
      );
      return tests;
    },
    pagerHook: async (name) => {
      const config = engine.manifest.notify[name];
      if (config?.kind !== "pagerduty" && config?.kind !== "opsgenie") return undefined;
      if (config.webhook_secret === undefined) return undefined;
      const where = `notify.${name}.webhook_secret`;
      return {
        kind: config.kind,
        secret: new Secret(where, await engine.resolve(config.webhook_secret, where)),
        acknowledge: async (key, person) => {
          const id = await incidentOfKey(store.db, { app: project, environment }, key);
          // Ours comes back from there, and from other pagers: what somebody has already is no news.
          if (id === undefined || (await incidents.get(id))?.acknowledged) return false;
          await incidents.acknowledge(id, `${name}:${person}`, "acknowledged at the pager");
          return true;
        },
      };
    },
  };
}
