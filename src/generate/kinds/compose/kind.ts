import { yamlText } from "../../../formats/write-yaml.ts";
import type { Kind } from "../../kind.ts";
import { developmentFile } from "./development.ts";
import { productionFile } from "./production.ts";

const NOTE = "Written by stationmaster generate; edits are kept when it is written again.";

/** Containers of the whole application: as it runs on a server, and as one works on it. */
export const compose: Kind = {
  id: "compose",
  title: "Compose files",
  wanted: ({ target }) => target === "compose" || target === "railway",
  render(plan) {
    const secrets = plan.services.flatMap(({ env }) =>
      env.filter((variable) => variable.class === "secret" && !variable.store),
    );
    return [
      {
        path: "compose.yaml",
        text: yamlText(productionFile(plan), { header: [`${plan.project} on a server. ${NOTE}`], spaced: true }),
        ownership: "managed",
        why: "the application as it runs on a server: limits, checks, volumes",
        ...(secrets.length > 0
          ? {
              notes: [
                `compose.yaml takes ${[...new Set(secrets.map(({ name }) => name))].join(", ")} from .env or the environment`,
              ],
            }
          : {}),
      },
      {
        path: "compose.dev.yaml",
        text: yamlText(developmentFile(plan), {
          header: [`${plan.project} while one works on it: sources are mounted, stores are open on loopback. ${NOTE}`],
          spaced: true,
        }),
        ownership: "managed",
        why: "the application while one works on it",
      },
    ];
  },
};
