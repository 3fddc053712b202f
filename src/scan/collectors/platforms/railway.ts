import { type Document, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { filesLike, roleOf } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { healthPath, tellCron, tellDockerfile, tellProcess, tellRelease, tellStart } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { textsAt } from "./texts.ts";

const USUAL = /^railway|\.(?:json|toml)$/g;

/** `railway.json` and `railway.toml`; a file of another name (`railway.worker.json`) is of a service beside. */
export const railway: Platform = {
  id: "railway",
  reads: ["railway.json", "railway.toml"],
  find: (snapshot) => filesLike(snapshot, /^railway(?:\.[\w-]+)?\.(?:json|toml)$/),
  read(site) {
    for (const file of site.files) {
      const role = roleOf(file, USUAL);
      if (role !== "test" && role !== "development") readFile(site, file);
    }
  },
};

function readFile(site: Site, file: string): void {
  const { snapshot } = site;
  const document = file.endsWith(".json") ? snapshot.json(file) : snapshot.toml(file);
  const seen = seenIn(file, document);
  const value = (...path: string[]) => setting(document, path);
  const variant = /^railway\.([\w-]+)\./.exec(baseOf(file))?.[1];
  const told = { file, folder: folderOf(file), names: variant === undefined ? [] : [variant] };
  const start = value("deploy", "startCommand");
  const command = stringAt(start.value);
  const about = site.about(file, told.folder, told.names);
  if (variant !== undefined && !/^(?:web|app|server|api|prod\w*)$/.test(variant)) {
    if (about.units.length === 1) tellProcess(site, told, variant, command, seen(...start.path));
    return;
  }
  tellBuild(site, told, stringAt(value("build", "buildCommand").value), seen("build", "buildCommand"));
  const cron = value("deploy", "cronSchedule");
  const schedule = stringAt(cron.value);
  if (schedule !== undefined) {
    tellCron(about, { name: baseOf(told.folder), schedule, command }, seen(...cron.path));
    about.claim("kind", "cron", { ...seen(...cron.path), rule: "cron-kind" });
  }
  if (command !== undefined) tellStart(site, told, command, seen(...start.path));
  const before = value("deploy", "preDeployCommand");
  const release = Array.isArray(before.value) ? textsAt(before.value).join(" && ") : stringAt(before.value);
  if (release) tellRelease(about, release, seen(...before.path));
  const health = value("deploy", "healthcheckPath");
  about.claim("health", healthPath(stringAt(health.value)), seen(...health.path));
  const dockerfile = stringAt(value("build", "dockerfilePath").value);
  if (dockerfile !== undefined)
    tellDockerfile(site, about, joinPath(told.folder, `./${dockerfile}`), seen("build", "dockerfilePath"));
}

/** A key, as the production environment overrides it. */
function setting({ value }: Document, path: readonly string[]): { value: unknown; path: string[] } {
  const names = Object.keys(recordAt(value, ["environments"]));
  const production = names.find((name) => /^prod(?:uction)?$/i.test(name));
  const own = production === undefined ? undefined : ["environments", production, ...path];
  const found = own && valueAt(value, own);
  return found === undefined || found === null || own === undefined
    ? { value: valueAt(value, path), path: [...path] }
    : { value: found, path: own };
}
