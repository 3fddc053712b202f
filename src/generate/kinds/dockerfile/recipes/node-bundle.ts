import { HOME } from "../parts.ts";
import { hasFolder, present, type Site } from "../recipe.ts";

/** A program that the build made whole, with all it needs. */
interface Bundle {
  /** Values of COPY. */
  copies: string[];
  env: string[];
  start: string;
}

const NEXT_SETTINGS = ["next.config.js", "next.config.mjs", "next.config.cjs", "next.config.ts"];
/** Servers of Nitro and its frameworks carry their packages with them. */
const NITRO = /\.output\/server\/index\.mjs/;

/** What the last stage takes over where the build made a whole; undefined where the program needs its packages beside it. */
export function bundleOf(site: Site): Bundle | undefined {
  const { framework, start } = site.service;
  if (framework === "next") return standalone(site);
  if (start === null || !NITRO.test(start)) return undefined;
  return {
    copies: [`--from=build ${HOME}/${site.inService(".output")} ./.output`],
    env: ["HOST=0.0.0.0"],
    start,
  };
}

/** `output: "standalone"`: the server lies at the place the service has in its workspace, without what it serves as files. */
function standalone(site: Site): Bundle | undefined {
  const settings = present(
    site,
    NEXT_SETTINGS.map((file) => site.inService(file)),
  );
  const wanted = settings.some((file) => /\boutput\s*:\s*["'`]standalone["'`]/.test(site.text(file) ?? ""));
  if (!wanted) return undefined;
  const built = `--from=build ${HOME}/${site.inService(".next")}`;
  const files = hasFolder(site, site.inService("public"))
    ? [`--from=build ${HOME}/${site.inService("public")} ./${site.inService("public")}`]
    : [];
  return {
    copies: [`${built}/standalone ./`, `${built}/static ./${site.inService(".next/static")}`, ...files],
    // Docker sets HOSTNAME to the container's name, and the server would listen there only.
    env: ["HOSTNAME=0.0.0.0"],
    start: `node ${site.inService("server.js")}`,
  };
}
