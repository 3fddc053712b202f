import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { compiling, running, runningOnAlpine } from "../native.ts";
import { apkAdd, aptInstall, copy, HOME, listens, run, startsAs, workdir, writableFolders } from "../parts.ts";
import { copyFiles, hasFolder, present, type Site } from "../recipe.ts";

/** Modules that are C underneath. */
const CGO =
  /^\s*(?:require\s+)?(?:github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|davidbyttow\/govips))\b/m;
const MODULE = /(?:^|\/)go\.(?:mod|sum|work|work\.sum)$/;

/** Go: one binary without the C library, on Alpine for certificates, time zones and a tool to ask for its health. */
export function goRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const headers = compiling(service.native).filter((name) => !["gcc", "libc6-dev"].includes(name));
  const cgo = needsC(site);
  const builder = site.image("golang", service.runtime.version);
  const base = site.image(cgo ? "debian" : "alpine");
  if (builder === undefined || base === undefined) return undefined;
  const { binary, build, start } = goProgram(site);
  const modules = site.paths().filter((path) => MODULE.test(path));
  const workspace = site.has("go.work");
  // A program of one package that takes nothing but the standard library needs no module.
  const bare = modules.length === 0;
  return [
    {
      image: builder,
      name: "build",
      instructions: [
        workdir("/src"),
        ...aptInstall(headers),
        ...copyFiles(present(site, modules)),
        ...(site.folder === "." ? [] : [workdir(`/src/${site.folder}`)]),
        ...(bare ? [] : [run(workspace ? "go mod download" : "go mod download\n&& go mod verify")]),
        copy(site.folder === "." ? ". ." : ". /src"),
        run(build(`/out/${binary}`, '-ldflags="-s -w" ')),
      ],
    },
    {
      image: base,
      instructions: [
        workdir(HOME),
        ...(cgo
          ? aptInstall(["busybox", "ca-certificates", "tzdata", ...running(service.native)])
          : apkAdd(["ca-certificates", "tzdata", ...runningOnAlpine(service.native)])),
        copy(`--from=build /out/${binary} ./${binary}`),
        ...dataFolders(site, "/src", ".go"),
        ...writableFolders(service),
        ...(cgo ? listens({ ...service, runtime: { name: "rust", version: null } }) : listens(service)),
        ...startsAs(start),
      ],
    },
  ];
}

/** The program of a service: its name, the command that builds it to a place, the command that starts it where the image has it. */
export function goProgram(site: Site): { binary: string; build(to: string, flags?: string): string; start: string } {
  const { start, name } = site.service;
  const binary = binaryOf(start, name);
  const hasModule = site.paths().some((path) => MODULE.test(path));
  const settings = `${hasModule ? "" : "GO111MODULE=off "}CGO_ENABLED=${needsC(site) ? 1 : 0}`;
  return {
    binary,
    build: (to, flags = "") => `${settings} go build -trimpath ${flags}-o ${to} ${packageOf(site)}`,
    start: ownBinary(start, binary),
  };
}

function needsC(site: Site): boolean {
  return compiling(site.service.native).length > 0 || CGO.test(site.text(site.inService("go.mod")) ?? "");
}

/** The name of the binary as the start command has it. */
export function binaryOf(start: string | null, name: string): string {
  const word = (start ?? "").split(/\s+/).find((part) => part !== "" && !/^\w+=/.test(part));
  const base = (word ?? "").replace(/^.*\//, "");
  // `go run ./cmd/api` names no binary.
  return /^[\w.-]+$/.test(base) && base !== "go" && base !== "cargo" ? base : name;
}

/** The start command with the binary where the image has it. */
export function ownBinary(start: string | null, binary: string): string {
  if (start === null || /^(?:go|cargo)\s/.test(start)) return `./${binary}`;
  return start.replace(/^((?:\w+=\S*\s+)*)\S+/, `$1./${binary}`);
}

/** What `go build` builds: the package of the build command, in the service's folder. */
function packageOf({ service }: Site): string {
  const words = (service.build ?? "").split(/\s+/);
  const named = words.at(-1) ?? "";
  const own = /^\.(?:\/|$)/.test(named) ? named.replace(/^\.\/?/, "").replace(/\/$/, "") : "";
  return own === "" ? "." : `./${own}`;
}

/** Folders that programs usually read beside the binary. */
const DATA = ["templates", "views", "public", "static", "assets", "migrations", "web/dist", "config", "locales"];

/** Copies what a compiled program reads while it runs. */
export function dataFolders(site: Site, source: string, code: string) {
  const files = site.paths().filter((path) => !path.endsWith(code));
  return DATA.filter((folder) => hasFolder(site, site.inService(folder)))
    .filter((folder) => files.some((path) => path.startsWith(`${site.inService(folder)}/`)))
    .map((folder) => copy(`--from=build ${source}/${site.inService(folder)} ./${folder}`));
}
