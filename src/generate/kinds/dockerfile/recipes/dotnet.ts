import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { apkAdd, copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import type { Site } from "../recipe.ts";
import { stateFolders } from "./python.ts";

/** .NET: published by the SDK, run on the runtime with the data of languages and time zones. */
export function dotnetRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const sdk = site.image("dotnet-sdk", service.runtime.version);
  const base = site.image(service.role === "http" ? "dotnet-aspnet" : "dotnet-runtime", service.runtime.version);
  const project = projectOf(site);
  if (sdk === undefined || base === undefined || project === undefined || service.start === null) return undefined;
  return [
    {
      image: sdk,
      name: "build",
      instructions: [
        workdir("/src"),
        copy(". ."),
        run(`dotnet restore ${project}`),
        run(`dotnet publish ${project} --no-restore -c Release -o /out /p:UseAppHost=false`),
      ],
    },
    {
      image: base,
      instructions: [
        env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false DOTNET_EnableDiagnostics=0"),
        workdir(HOME),
        ...apkAdd(["icu-libs", "tzdata", ...service.native]),
        copy("--from=build /out ./"),
        ...stateFolders(service.state),
        ...listens(service),
        ...startsAs(withAddress(service.start, service.port)),
      ],
    },
  ];
}

function projectOf({ plan, service, context }: Site): string | undefined {
  const folder = service.path === "." ? "" : `${service.path}/`;
  const found = plan.tree.paths.find(
    (path) => path.startsWith(folder) && /^[^/]+\.(?:cs|fs|vb)proj$/.test(path.slice(folder.length)),
  );
  return found === undefined ? undefined : context === "." ? found : found.slice(context.length + 1);
}

/** Its own images listen on 8080 by themselves; the port from outside goes before. */
function withAddress(start: string, port: number | null): string {
  if (port === null || start.includes("--urls")) return start;
  return `${start} --urls http://0.0.0.0:\${PORT:-${port}}`;
}
