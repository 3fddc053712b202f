import { joinPath } from "../../../formats/tree.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { siteOf } from "../dockerfile/recipe.ts";
import { managerIn } from "../dockerfile/recipes/assets.ts";
import type { Running } from "./running.ts";

const LINE = /^([\w-]+):[ \t]*(\S.*)$/gm;
const OF_NODE = /^(?:npm|npx|pnpm|yarn|bun|bunx|node)\b/;

/** What makes styles and scripts again for each change, as `bin/dev` of Rails starts it: what the image made of them is not among the sources. */
export function assetWatchers(
  service: PlannedService,
  plan: Plan,
): { name: string; running: Running; keepsPackages: boolean }[] {
  if (service.runtime.name !== "ruby") return [];
  const text = plan.tree.text(joinPath(service.path, "Procfile.dev") ?? "Procfile.dev") ?? "";
  const known = ["web", "release", ...service.processes.map(({ name }) => name)];
  return [...text.matchAll(LINE)].flatMap(([, name = "", command = ""]) => {
    if (known.includes(name) || !/\bwatch\b|\s-w\b/.test(command)) return [];
    const isNode = OF_NODE.test(command);
    const install = `${managerIn(siteOf(service, plan))} install`;
    return [
      {
        name,
        keepsPackages: isNode,
        running: { command, takes: "itself", before: isNode ? install : "bundle install --quiet" },
      },
    ];
  });
}
