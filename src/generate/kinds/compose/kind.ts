import type { Path } from "../../../formats/document.ts";
import { yamlText } from "../../../formats/write-yaml.ts";
import type { Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { probeCommand } from "../dockerfile/probe.ts";
import { imageBuild } from "../dockerfile/stages.ts";
import { askedVariables } from "./asked.ts";
import { developmentFile } from "./development.ts";
import { productionFile } from "./production.ts";

/** Containers of the whole application: as it runs on a server, and as one works on it. */
export const compose: Kind = {
  id: "compose",
  title: "Compose files",
  wanted: ({ target }) => target === "compose" || target === "railway",
  render(plan) {
    const unbuilt = plan.services.filter((service) => !imageBuild(service, plan)).map(({ name }) => name);
    const asked = askedVariables(plan);
    return [
      {
        path: "compose.yaml",
        text: yamlText(productionFile(plan), {
          header: [`${plan.project} on a server. ${NOTE}`],
          comments: plan.services.flatMap((service) => [...whyUnchecked(service, plan), ...whyWritable(service)]),
          spaced: true,
          emptyNulls: true,
        }),
        ownership: "managed",
        why: "the application as it runs on a server: limits, checks, volumes",
        notes: [
          ...shadowed(plan),
          ...(asked.length > 0
            ? [`compose.yaml takes ${asked.join(", ")} from .env or the environment, and does not start without`]
            : []),
          ...unbuilt.map(
            (name) => `${name}: write its Dockerfile, or set the image in compose.yaml; none is generated for it`,
          ),
        ],
      },
      {
        path: "compose.dev.yaml",
        text: yamlText(developmentFile(plan), {
          header: [
            `${plan.project} while one works on it: docker compose -f compose.dev.yaml up --build --watch`,
            `Stores are open on loopback. ${NOTE}`,
          ],
          spaced: true,
          emptyNulls: true,
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

/** An image of one's own may write wherever it likes, which a file system that is read only would end. */
function whyWritable(service: PlannedService): [path: Path, text: string][] {
  const { name, dockerfile, processes, migrations } = service;
  if (!dockerfile.own) return [];
  const why = `${dockerfile.path} is not generated, so where it writes is not known: add read_only and cap_drop where it stays well with them`;
  const names = [name, ...processes.map((one) => `${name}-${one.name}`), ...(migrations ? [`${name}-migrate`] : [])];
  return names.map((one) => [["services", one], `stationmaster-ignore SM17: ${why}`]);
}

/** An image of unknown contents cannot be told what to ask itself with. */
function whyUnchecked(service: PlannedService, plan: Plan): [path: Path, text: string][] {
  if (imageBuild(service, plan) || service.port === null || probeCommand(service)) return [];
  const why = "nothing is known of its image, which is built elsewhere: add a check by a tool that it has";
  return [[["services", service.name], `stationmaster-ignore SM15: ${why}`]];
}
