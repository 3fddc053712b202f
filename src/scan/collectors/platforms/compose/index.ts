import { readDockerfile } from "../../../../formats/dockerfile/read.ts";
import { recordAt } from "../../../../formats/document.ts";
import { folderOf, joinPath } from "../../../../formats/tree.ts";
import { environmentVariable } from "../../../environment.ts";
import { builtBy } from "../dockerfile/context.ts";
import { checkedPath } from "../dockerfile/facts.ts";
import { imageRuntime } from "../images/runtimes.ts";
import { imageStore } from "../images/stores.ts";
import type { Role } from "../names.ts";
import type { About, Platform, Seen, Site } from "../platform.ts";
import { tellProcess, tellStart, tellVariable } from "../tell.ts";
import { tellStore } from "../tell-store.ts";
import { holdsProgram } from "../unit-at.ts";
import { type ComposeService, composeFiles, composeServices, withoutDefault } from "./model.ts";
import { storesAmong, storesOf } from "./stores.ts";
import { checkOf, environmentOf, mountedFolder, namedVolumes, neededBy, targetPort, writtenCommand } from "./values.ts";

/** What is for developers goes behind what the code says. */
const WORTH: Record<Role, Pick<Seen, "source" | "confidence">> = {
  production: { confidence: 0.97 },
  plain: { confidence: 0.9 },
  development: { source: "convention", confidence: 0.6 },
  test: { source: "convention", confidence: 0 },
};
const WORKER =
  /(?:^|[-_])(?:worker|workers|celery|beat|scheduler|cron|queue|consumer|jobs?|sidekiq|horizon|flower|bot|migrate|migrations?|seed)(?:$|[-_\d])/i;

export const compose: Platform = {
  id: "compose",
  reads: ["compose.yaml", "docker-compose.yml"],
  find: composeFiles,
  read(site) {
    for (const services of Map.groupBy(composeServices(site.snapshot), ({ file }) => folderOf(file)).values())
      tellProject(site, services);
  },
};

/** All services of one folder: files that override each other name the same ones. */
function tellProject(site: Site, services: readonly ComposeService[]): void {
  const folders = new Map(
    [...Map.groupBy(services, ({ name }) => name)].map(([name, same]) => [name, folderFor(site, same)]),
  );
  const folderFrom = (name: string) => folders.get(name);
  const built = services.filter(({ name }) => folderFrom(name) !== undefined);
  for (const same of Map.groupBy(built, ({ name }) => folderFrom(name) ?? "").values())
    tellUnit(site, same, services, folderFrom);
  if (built.length === 0) tellStoresAlone(site, services);
}

/** The folder of the unit that a service runs; undefined for images of others. */
function folderFor(site: Site, same: readonly ComposeService[]): string | undefined {
  const { snapshot, units } = site;
  const built = same.find(({ context }) => context !== undefined);
  if (built) {
    const text = built.dockerfile === undefined ? undefined : snapshot.text(built.dockerfile);
    if (built.dockerfile === undefined || text === undefined) return built.context;
    const document = readDockerfile(text);
    const base = document.stages.at(-1)?.image ?? "";
    return imageStore(base) ? undefined : builtBy(site, built.dockerfile, document).folder;
  }
  const mounted = same.find(({ image }) => image !== undefined && imageRuntime(withoutDefault(image)));
  const folder = mounted && mountedFolder(mounted);
  const path = folder === undefined ? undefined : joinPath(folderOf(mounted?.file ?? ""), folder);
  return units.some((unit) => unit.path === path) ? path : undefined;
}

/** The services that run one unit: the one that takes requests, and those beside it. */
function tellUnit(
  site: Site,
  same: readonly ComposeService[],
  all: readonly ComposeService[],
  folderFrom: (name: string) => string | undefined,
): void {
  const names = [...new Set(same.map(({ name }) => name))];
  const published = names.filter((name) => same.some((service) => service.name === name && targetPort(service)));
  const main =
    published.find((name) => !WORKER.test(name)) ??
    names.find((name) => !WORKER.test(name)) ??
    published[0] ??
    names[0];
  const onlyUnit = new Set(all.map(({ name }) => folderFrom(name)).filter((folder) => folder !== undefined)).size === 1;
  for (const service of same) {
    const folder = folderFrom(service.name);
    const told = { file: service.file, folder, names: [service.name] };
    const about = site.about(service.file, folder, told.names);
    const worth = WORTH[service.role];
    const isMain = service.name === main;
    if (isMain) tellMain(about, service, worth);
    const command = writtenCommand(service);
    const seen = (path: readonly (string | number)[]): Seen => ({
      ...service.seen(...path),
      rule: "command",
      ...worth,
    });
    if (command && service.role !== "development") {
      if (isMain) tellStart(site, told, command.written, seen(command.path));
      else tellProcess(site, told, service.name, command.written, { ...seen(command.path), rule: "process" });
    }
    tellNeeds(about, service, { all, folderFrom, folder, isOnly: onlyUnit && isMain });
  }
}

function tellMain(about: About, service: ComposeService, worth: Pick<Seen, "source" | "confidence">): void {
  const { seen } = service;
  const port = targetPort(service);
  if (port) about.claim("port", port.value, { ...seen(...port.path), rule: "port", ...worth });
  const check = checkOf(service);
  if (check !== undefined)
    about.claim("health", checkedPath(check), { ...seen("healthcheck", "test"), rule: "healthcheck", ...worth });
  for (const { value: path, path: place } of namedVolumes(service))
    about.claimEach("state", path, { path, what: "volume" }, { ...seen(...place), rule: "volume", confidence: 0.8 });
}

interface Around {
  all: readonly ComposeService[];
  folderFrom: (name: string) => string | undefined;
  folder: string | undefined;
  isOnly: boolean;
}

/** Variables, stores, and other units that a service is given. */
function tellNeeds(about: About, service: ComposeService, { all, folderFrom, folder, isOnly }: Around): void {
  const { seen } = service;
  for (const { name, value, path } of environmentOf(service)) {
    const fallback = /^\$\{\w+:?-([^}]*)\}$/.exec(value ?? "")?.[1];
    tellVariable(about, name, seen(...path), fallback === undefined ? {} : { required: false, default: fallback });
  }
  for (const name of Object.keys(recordAt(service.value, ["build", "args"])))
    if (environmentVariable(name).class === "public")
      tellVariable(about, name, seen("build", "args", name), { phase: "build" });
  for (const { use, from } of storesOf(service, all, isOnly))
    tellStore(about, use, { ...from.seen("image"), confidence: from.role === "development" ? 0.8 : 0.9 });
  for (const name of neededBy(service)) {
    const path = folderFrom(name);
    if (path !== undefined && path !== folder)
      about.claimEach("internal", path, { path }, { ...seen("depends_on"), rule: "depends-on" });
  }
}

/** A file with nothing but stores is for the program that lies there. */
function tellStoresAlone(site: Site, services: readonly ComposeService[]): void {
  const { snapshot, units } = site;
  for (const { service, store } of storesAmong(services)) {
    const here = folderOf(service.file);
    const programs = units.filter(({ path }) => holdsProgram(snapshot, units, path));
    const folder = holdsProgram(snapshot, units, here) ? here : programs.length === 1 ? programs[0]?.path : undefined;
    tellStore(
      site.about(service.file, folder),
      { ...store, variable: null },
      { ...service.seen("image"), confidence: 0.8 },
    );
  }
}
