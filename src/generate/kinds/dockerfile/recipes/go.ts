import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { apkAdd, copy, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";
import { stateFolders } from "./python.ts";

/** Go: one binary without the C library, on Alpine for certificates, time zones and a tool to ask for its health. */
export function goRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const builder = site.image("golang", service.runtime.version);
  const base = site.image("alpine");
  if (builder === undefined || base === undefined) return undefined;
  const binary = binaryOf(service.start);
  const modules = present(site, ["go.work", "go.work.sum", "go.mod", "go.sum", ...memberModules(site)]);
  const verify = site.has("go.work") ? "" : "\n&& go mod verify";
  return [
    {
      image: builder,
      name: "build",
      instructions: [
        workdir("/src"),
        ...copyFiles(modules),
        run(`go mod download${verify}`),
        copy(". ."),
        run(
          `CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/${binary} ${site.inService(packageOf(service.build))}`,
        ),
      ],
    },
    {
      image: base,
      instructions: [
        workdir(HOME),
        ...apkAdd(["ca-certificates", "tzdata"]),
        copy(`--from=build /out/${binary} ./${binary}`),
        ...assets(site),
        ...stateFolders(service.state),
        ...listens(service),
        ...startsAs(service.start ?? `./${binary}`),
      ],
    },
  ];
}

/** The name of the binary as the start command has it. */
export function binaryOf(start: string | null): string {
  const word = (start ?? "./app").split(/\s+/).find((part) => !part.includes("="));
  return (word ?? "app").replace(/^.*\//, "") || "app";
}

/** What `go build` builds: the package of the build command. */
function packageOf(build: string | null): string {
  return /(?:^|\s)(\.\/?\S*|\.)\s*$/.exec(build ?? "")?.[1]?.replace(/^\.\/(?=.)/, "./") ?? ".";
}

function memberModules({ plan, context, folder }: Site): string[] {
  if (folder === ".") return [];
  const prefix = context === "." ? "" : `${context}/`;
  return plan.tree.paths
    .filter((path) => path.startsWith(prefix) && /\/go\.(?:mod|sum)$/.test(path))
    .map((path) => path.slice(prefix.length));
}

/** Folders that programs usually read beside the binary. */
const ASSETS = ["templates", "views", "public", "static", "assets", "migrations", "web/dist", "config"];

function assets({ service, plan, inService }: Site) {
  const at = service.path === "." ? "" : `${service.path}/`;
  const has = (folder: string) =>
    plan.tree.paths.some((path) => path.startsWith(`${at}${folder}/`) && !path.endsWith(".go"));
  return ASSETS.filter(has).map((folder) => copy(`--from=build /src/${inService(folder)} ./${folder}`));
}
