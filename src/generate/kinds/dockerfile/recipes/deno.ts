import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import type { Site } from "../recipe.ts";
import { stateFolders } from "./python.ts";

/** Deno: modules are fetched when the image is built, so that a start needs no network. */
export function denoRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const image = site.image("deno", service.runtime.version);
  if (image === undefined || service.start === null) return undefined;
  const entry = service.start.split(/\s+/).find((word) => /\.[cm]?[jt]sx?$/.test(word));
  const frozen = site.has("deno.lock") ? " --frozen" : "";
  return [
    {
      image,
      instructions: [
        env("DENO_DIR=/deno DENO_NO_UPDATE_CHECK=1"),
        workdir(HOME),
        copy(". ."),
        ...(entry ? [run(`deno cache${frozen} ${entry}`)] : []),
        ...(service.build ? [run(service.build)] : []),
        ...stateFolders(service.state),
        ...listens(service),
        ...startsAs(service.start),
      ],
    },
  ];
}
