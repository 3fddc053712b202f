import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { runningOnAlpine } from "../native.ts";
import { apkAdd, copy, env, HOME, listens, run, startsAs, workdir, writableFolders } from "../parts.ts";
import { copyFiles, type Site } from "../recipe.ts";

/** What `dotnet restore` reads. global.json is not among them: the SDK it names is seldom the one of the image. */
const MANIFESTS =
  /(?:\.(?:cs|fs|vb)proj|\/packages\.lock\.json|^packages\.lock\.json|Directory\.(?:Build|Packages)\.\w+|nuget\.config)$/i;
/** More manifests than this are not copied one by one. */
const MOST_MANIFESTS = 25;

/** .NET: published by the SDK, run on the runtime with the data of languages and time zones. */
export function dotnetRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const sdk = site.image("dotnet-sdk", service.runtime.version);
  const base = site.image(service.role === "http" ? "dotnet-aspnet" : "dotnet-runtime", service.runtime.version);
  const project = projectOf(site);
  if (sdk === undefined || base === undefined || project === undefined || service.start === null) return undefined;
  const manifests = site.paths().filter((path) => MANIFESTS.test(path));
  const first = manifests.length > MOST_MANIFESTS ? [] : [...copyFiles(manifests), run(`dotnet restore ${project}`)];
  return [
    {
      image: sdk,
      name: "build",
      instructions: [
        workdir("/src"),
        ...first,
        copy(". ."),
        run(
          `dotnet publish ${project}${first.length > 0 ? " --no-restore" : ""} -c Release -o /out /p:UseAppHost=false`,
        ),
      ],
    },
    {
      image: base,
      instructions: [
        env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false DOTNET_EnableDiagnostics=0"),
        workdir(HOME),
        ...apkAdd(["icu-libs", "tzdata", ...runningOnAlpine(service.native)]),
        copy("--from=build /out ./"),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(withAddress(service.start.replace(/\S*\/(?=[^/\s]+\.dll\b)/, ""), service.port)),
      ],
    },
  ];
}

/** The project of the service; of several in its folder the one that the start command names. */
function projectOf(site: Site): string | undefined {
  const prefix = site.folder === "." ? "" : `${site.folder}/`;
  const found = site
    .paths()
    .filter((path) => path.startsWith(prefix) && /^[^/]+\.(?:cs|fs|vb)proj$/.test(path.slice(prefix.length)));
  const named = /([^/\s]+)\.dll\b/.exec(site.service.start ?? "")?.[1];
  return found.find((path) => path.replace(/^.*\//, "").replace(/\.\w+$/, "") === named) ?? found[0];
}

/** Its own images listen on 8080 by themselves; the port from outside goes before. */
function withAddress(start: string, port: number | null): string {
  if (port === null || start.includes("--urls")) return start;
  return `${start} --urls http://0.0.0.0:\${PORT:-${port}}`;
}
