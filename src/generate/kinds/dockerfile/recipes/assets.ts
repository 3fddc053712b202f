import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { buildArguments, copy, HOME, run, workdir } from "../parts.ts";
import { hasFolder, type Site } from "../recipe.ts";
import { installSteps } from "./node-packages.ts";

const INSTALLS = /^(?:npm (?:ci|install|i)|pnpm (?:install|i)|yarn(?: install)?|bun (?:install|i))(?: -\S*)*$/;
const OF_NODE = /^(?:npm|npx|pnpm|yarn|bun|bunx|node)\b/;

/** A build whose first commands are those of a bundler: `npm ci && npm run build && python manage.py collectstatic`. */
export function splitBuild(build: string | null): { assets: string[]; own: string | null } {
  const commands = (build ?? "").split(/\s*&&\s*/).filter((command) => command !== "");
  const count = commands.findIndex((command) => !OF_NODE.test(command));
  const assets = commands.slice(0, count === -1 ? commands.length : count);
  const rest = commands.slice(assets.length);
  return {
    assets: assets.filter((command) => !INSTALLS.test(command)),
    own: rest.length === 0 ? null : rest.join(" && "),
  };
}

/** Scripts and styles of a server of another language, made by Node; its packages stay behind. */
export function assetStage(site: Site, commands: readonly string[], vendor = false): Stage | undefined {
  const image = site.image("node");
  if (image === undefined) return undefined;
  const inside = { ...site, service: { ...site.service, packageManager: managerIn(site) } };
  return {
    image,
    name: "assets",
    instructions: [
      workdir(HOME),
      ...installSteps(inside).before,
      ...(vendor ? [copy(`--from=vendor ${HOME}/vendor ./vendor`)] : []),
      ...buildArguments(site.service),
      run([...commands, "rm -rf node_modules"].join("\n&& ")),
    ],
  };
}

/** The manager whose lockfile lies beside package.json. */
export function managerIn(site: Site): string {
  if (site.has("pnpm-lock.yaml")) return "pnpm";
  if (site.has("yarn.lock") || hasFolder(site, ".yarn")) return "yarn";
  return site.has("bun.lock") || site.has("bun.lockb") ? "bun" : "npm";
}
