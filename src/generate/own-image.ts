import { type DockerfileStage, readDockerfile } from "../formats/dockerfile/read.ts";
import type { OwnImage } from "./plan.ts";

/** What a Dockerfile that people wrote tells of its image, as far as it is certain. */
export function ownImage(text: string): OwnImage {
  const document = readDockerfile(text);
  const last = document.stages.at(-1);
  if (!last) return { home: null, user: null, programs: false };
  const chain = stagesBelow(document.stages, last);
  return { home: homeOf(chain), user: userOf(chain), programs: /node_modules\/\.bin/.test(last.env.PATH ?? "") };
}

/** The stage and those it is built on, the lowest first. */
function stagesBelow(stages: readonly DockerfileStage[], stage: DockerfileStage): DockerfileStage[] {
  const base = stage.base === null ? undefined : stages[stage.base];
  return base && base.index < stage.index ? [...stagesBelow(stages, base), stage] : [stage];
}

/** The folder that its program starts in; null where no line says it, or a variable does. */
function homeOf(chain: readonly DockerfileStage[]): string | null {
  let home: string | null = null;
  for (const { keyword, expanded } of chain.flatMap(({ instructions }) => instructions)) {
    if (keyword !== "WORKDIR") continue;
    const folder = expanded.trim().replace(/^(["'])(.*)\1$/, "$2");
    if (folder.includes("$")) home = null;
    else if (folder.startsWith("/")) home = folder;
    else home = home === null ? null : `${home}/${folder}`;
  }
  return home === null ? null : home.replace(/\/(?:\.?\/)+/g, "/").replace(/(.)\/\.?$/, "$1");
}

/** Who it runs as, the group behind a colon; null where no line says it, which mostly is root. */
function userOf(chain: readonly DockerfileStage[]): string | null {
  const said = chain.flatMap(({ instructions }) => instructions).findLast(({ keyword }) => keyword === "USER");
  const user = said?.expanded.trim().replace(/^(["'])(.*)\1$/, "$2");
  return user === undefined || user.includes("$") ? null : user;
}
