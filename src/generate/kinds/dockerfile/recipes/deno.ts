import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { copy, env, HOME, listens, run, startsAs, workdir, writableFolders } from "../parts.ts";
import type { Site } from "../recipe.ts";

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
        workdir(site.folder === "." ? HOME : `${HOME}/${site.folder}`),
        copy(site.folder === "." ? ". ." : `. ${HOME}`),
        ...(entry ? [run(`deno cache${frozen} ${entry}`)] : []),
        ...(service.build ? [run(service.build)] : []),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(cachedOnly(service.start)),
      ],
    },
  ];
}

/** What the image does not hold is an error, not a download. */
function cachedOnly(start: string): string {
  return start.includes("--cached-only") ? start : start.replace(/\bdeno run\b/, "deno run --cached-only");
}
