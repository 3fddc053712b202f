import { listAt, type Path, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { portOf } from "../../command-line.ts";
import type { StoreUse } from "../../fact.ts";
import { filesNamed } from "./names.ts";
import { type About, type Platform, type Seen, type Site, seenIn } from "./platform.ts";
import { healthPath, tellCron, tellDockerfile, tellProcess, tellRelease, tellStart, tellVariable } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { tellOutput } from "./tell-output.ts";
import { tellStore } from "./tell-store.ts";

export const render: Platform = {
  id: "render",
  reads: ["render.yaml"],
  find: (snapshot) => filesNamed(snapshot, "render.yaml", "render.yml"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

interface Service {
  value: unknown;
  seen: (...path: Path) => Seen;
  text: (...path: Path) => string | undefined;
}

function readFile(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const { value } = document;
  const at = seenIn(file, document);
  // Since projects exist, services may lie in their environments.
  const roots: Path[] = [
    [],
    ...listAt(value, ["projects"]).flatMap((project, index) =>
      listAt(project, ["environments"]).map((_, inner) => ["projects", index, "environments", inner]),
    ),
  ];
  const stores = new Map<string, Omit<StoreUse, "variable">>();
  for (const root of roots)
    for (const database of listAt(value, [...root, "databases"])) {
      const version = stringAt(database, ["postgresMajorVersion"]) ?? null;
      stores.set(stringAt(database, ["name"]) ?? "", { kind: "postgres", version, extensions: [] });
    }
  const services = roots.flatMap((root) =>
    listAt(value, [...root, "services"]).map(
      (service, index): Service => ({
        value: service,
        seen: (...path) => at(...root, "services", index, ...path),
        text: (...path) => stringAt(service, path),
      }),
    ),
  );
  for (const { text } of services)
    if (/^(?:redis|keyvalue)$/.test(text("type") ?? ""))
      stores.set(text("name") ?? "", { kind: "redis", version: null, extensions: [] });
  for (const service of services) tellService(site, file, service, stores, services);
}

function tellService(
  site: Site,
  file: string,
  service: Service,
  stores: ReadonlyMap<string, Omit<StoreUse, "variable">>,
  all: readonly Service[],
): void {
  const { seen, text } = service;
  const type = text("type");
  if (type === undefined || /^(?:redis|keyvalue)$/.test(type) || text("image", "url") !== undefined) return;
  const folder = joinPath(folderOf(file), `./${text("rootDir") ?? text("dockerContext") ?? ""}`);
  const name = text("name") ?? type;
  const told = { file, folder, names: [name] };
  const runtime = text("runtime") ?? text("env");
  const command = text("startCommand") ?? text("dockerCommand");
  const at = seen(text("startCommand") === undefined ? "dockerCommand" : "startCommand");
  const about = site.about(file, folder, told.names);
  const sameFolder = all.filter((other) => (other.text("rootDir") ?? "") === (text("rootDir") ?? ""));
  tellBuild(site, told, text("buildCommand"), seen("buildCommand"));
  if (runtime === "static" || type === "static")
    tellOutput(site, told, text("staticPublishPath"), seen("staticPublishPath"));
  else if (type === "cron") tellCron(about, { name, schedule: text("schedule"), command }, seen("schedule"));
  else if (type === "worker" && sameFolder.some((other) => /^(?:web|pserv)$/.test(other.text("type") ?? "")))
    tellProcess(site, told, name, command, at);
  else if (command !== undefined) tellStart(site, told, command, at);
  if ((type === "worker" || type === "cron") && sameFolder.length === 1)
    about.claim("kind", type, { ...seen("type"), rule: "type" });
  about.claim("health", healthPath(text("healthCheckPath")), { ...seen("healthCheckPath"), rule: "health" });
  const release = text("preDeployCommand");
  if (release !== undefined) tellRelease(about, release, seen("preDeployCommand"));
  const dockerfile = text("dockerfilePath");
  if (dockerfile !== undefined)
    tellDockerfile(site, about, joinPath(folderOf(file), `./${dockerfile}`), seen("dockerfilePath"));
  const disk = text("disk", "mountPath");
  if (disk !== undefined)
    about.claimEach("state", disk, { path: disk, what: "volume" }, { ...seen("disk"), rule: "disk" });
  tellVariables(about, service, stores);
}

function tellVariables(
  about: About,
  { value, seen }: Service,
  stores: ReadonlyMap<string, Omit<StoreUse, "variable">>,
): void {
  for (const [index, entry] of listAt(value, ["envVars"]).entries()) {
    const name = stringAt(entry, ["key"]);
    if (name === undefined) continue;
    const at = seen("envVars", index);
    if (name === "PORT") about.claim("port", portOf(stringAt(entry, ["value"]) ?? ""), { ...at, rule: "port" });
    else if (/^(NODE|PYTHON|RUBY|GO|ELIXIR)_VERSION$/.test(name)) {
      const version = stringAt(entry, ["value"]);
      if (version !== undefined)
        about.claim(
          "runtime",
          { name: name.replace("_VERSION", "").toLowerCase(), version },
          { ...at, rule: "runtime" },
        );
    } else tellVariable(about, name, at);
    const source = ["fromDatabase", "fromService"]
      .map((key) => recordAt(entry, [key]))
      .find((from) => valueAt(from, ["name"]) !== undefined);
    const store = source && stores.get(stringAt(source, ["name"]) ?? "");
    if (store && /^connection/.test(stringAt(source, ["property"]) ?? ""))
      tellStore(about, { ...store, variable: name }, at);
  }
}
