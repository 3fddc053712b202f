import type { Path } from "../../../formats/document.ts";
import { yamlText } from "../../../formats/write-yaml.ts";
import type { Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { storePart } from "../../store-parts.ts";
import { probeCommand } from "../dockerfile/probe.ts";
import { imageBuild } from "../dockerfile/stages.ts";
import { developmentFile } from "./development.ts";
import { productionFile } from "./production.ts";

/** Containers of the whole application: as it runs on a server, and as one works on it. */
export const compose: Kind = {
  id: "compose",
  title: "Compose files",
  wanted: ({ target }) => target === "compose" || target === "railway",
  render(plan) {
    const unbuilt = plan.services.filter((service) => !imageBuild(service, plan)).map(({ name }) => name);
    const secrets = plan.services.flatMap(({ env }) =>
      env.filter(
        ({ name, class: kind, required, store }) =>
          kind === "secret" && required && !store && !storePart(name, plan.stores),
      ),
    );
    return [
      {
        path: "compose.yaml",
        text: yamlText(productionFile(plan), {
          header: [`${plan.project} on a server. ${NOTE}`],
          comments: plan.services.flatMap((service) => whyUnchecked(service, plan)),
          spaced: true,
        }),
        ownership: "managed",
        why: "the application as it runs on a server: limits, checks, volumes",
        notes: [
          ...shadowed(plan),
          ...(secrets.length > 0
            ? [
                `compose.yaml takes ${[...new Set(secrets.map(({ name }) => name))].join(", ")} from .env or the environment`,
              ]
            : []),
          ...unbuilt.map(
            (name) => `${name}: write its Dockerfile, or set the image in compose.yaml; none is generated for it`,
          ),
        ],
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

/** Files of people that Compose reads where there is no `compose.yaml`. */
const OTHER_NAMES = ["compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/** From now on `docker compose up` means another file than before. */
function shadowed({ tree }: Plan): string[] {
  const theirs = OTHER_NAMES.find((path) => tree.has(path));
  return theirs === undefined
    ? []
    : [
        `docker compose reads compose.yaml before ${theirs}: for yours say docker compose -f ${theirs}, or keep ours away with generate.own: { compose.yaml: off }`,
      ];
}

/** An image of unknown contents cannot be told what to ask itself with. */
function whyUnchecked(service: PlannedService, plan: Plan): [path: Path, text: string][] {
  if (imageBuild(service, plan) || service.port === null || probeCommand(service)) return [];
  const why = "nothing is known of its image, which is built elsewhere: add a check by a tool that it has";
  return [[["services", service.name], `stationmaster-ignore SM15: ${why}`]];
}
