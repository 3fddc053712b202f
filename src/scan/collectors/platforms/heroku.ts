import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";
import { filesNamed } from "./names.ts";
import { type About, type Platform, type Seen, type Site, seenIn } from "./platform.ts";
import { healthPath, tellCron, tellDockerfile, tellProcess, tellRelease, tellStart, tellVariable } from "./tell.ts";
import { tellStore } from "./tell-store.ts";
import { textsAt } from "./texts.ts";

const KEYS = ["buildpacks", "addons", "formation", "stack", "healthchecks", "cron", "dokku"];

/** `app.json` (Heroku, Dokku) and `heroku.yml`. Others have an `app.json` too: Expo, React Native. */
export const heroku: Platform = {
  id: "heroku",
  reads: ["app.json", "heroku.yml"],
  find: (snapshot) => [
    ...filesNamed(snapshot, "app.json").filter((file) => isManifest(snapshot, file)),
    ...filesNamed(snapshot, "heroku.yml"),
  ],
  read(site) {
    for (const file of site.files)
      if (baseOf(file) === "app.json") readManifest(site, file);
      else readBuild(site, file);
  },
};

/** Stores that are added by name: `heroku-postgresql:mini`. */
const ADDONS: readonly [name: RegExp, kind: string, variable: string][] = [
  [/^(?:heroku-)?postgresql/, "postgres", "DATABASE_URL"],
  [/^(?:heroku-redis|rediscloud|redistogo|openredis|heroku-key-value-store)/, "redis", "REDIS_URL"],
  [/^(?:jawsdb-maria)/, "mariadb", "JAWSDB_MARIA_URL"],
  [/^(?:jawsdb)/, "mysql", "JAWSDB_URL"],
  [/^(?:cleardb)/, "mysql", "CLEARDB_DATABASE_URL"],
  [/^(?:mongolab|mongohq|ormongo)/, "mongodb", "MONGODB_URI"],
  [/^(?:cloudamqp)/, "rabbitmq", "CLOUDAMQP_URL"],
  [/^(?:heroku-kafka|cloudkarafka)/, "kafka", "KAFKA_URL"],
  [/^(?:bonsai|searchbox|foundelasticsearch)/, "elasticsearch", "BONSAI_URL"],
  [/^(?:memcachier|memcachedcloud)/, "memcached", "MEMCACHIER_SERVERS"],
];

function isManifest(snapshot: Snapshot, file: string): boolean {
  const { value } = snapshot.json(file);
  if (!isRecord(value) || "expo" in value) return false;
  const postdeploy = stringAt(value, ["scripts", "postdeploy"]) ?? stringAt(value, ["scripts", "dokku", "postdeploy"]);
  const env = Object.values(recordAt(value, ["env"]));
  return (
    KEYS.some((key) => key in value) ||
    postdeploy !== undefined ||
    env.some((one) => isRecord(one) || typeof one === "string")
  );
}

function readManifest(site: Site, file: string): void {
  const document = site.snapshot.json(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const about = site.about(file, folderOf(file));
  for (const [name, entry] of Object.entries(recordAt(value, ["env"]))) {
    const given = isRecord(entry) ? stringAt(entry, ["value"]) : typeof entry === "string" ? entry : undefined;
    const required =
      given === undefined && !(isRecord(entry) && (entry.required === false || entry.generator !== undefined));
    tellVariable(about, name, seen("env", name), { required, default: given || null });
  }
  tellAddons(about, listAt(value, ["addons"]), (index) => seen("addons", index));
  for (const [index, cron] of listAt(value, ["cron"]).entries()) {
    const command = stringAt(cron, ["command"]);
    if (command !== undefined)
      tellCron(about, { name: command, schedule: stringAt(cron, ["schedule"]), command }, seen("cron", index));
  }
  for (const [index, check] of listAt(value, ["healthchecks", "web"]).entries()) {
    const path = healthPath(stringAt(check, ["path"]));
    const fact = stringAt(check, ["type"]) === "readiness" ? "readiness" : "health";
    about.claim(fact, path, seen("healthchecks", "web", index));
  }
}

function readBuild(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const folder = folderOf(file);
  const told = { file, folder };
  const about = site.about(file, folder);
  for (const [name, named] of Object.entries(recordAt(value, ["build", "docker"]))) {
    const path = typeof named === "string" ? named : stringAt(named, ["dockerfile"]);
    if (name === "web" && path !== undefined)
      tellDockerfile(site, about, joinPath(folder, `./${path}`), seen("build", "docker", name));
  }
  for (const name of Object.keys(recordAt(value, ["run"]))) {
    const command = stringAt(value, ["run", name]) ?? textsAt(value, ["run", name, "command"]);
    if (name === "web") tellStart(site, told, command, seen("run", name));
    else tellProcess(site, { ...told, names: [name] }, name, command, seen("run", name));
  }
  const release = stringAt(value, ["release", "command"]) ?? textsAt(value, ["release", "command"]).join(" && ");
  if (release) tellRelease(about, release, seen("release", "command"));
  tellAddons(about, listAt(value, ["setup", "addons"]), (index) => seen("setup", "addons", index));
  for (const name of Object.keys(recordAt(value, ["setup", "config"])))
    tellVariable(about, name, seen("setup", "config", name));
}

function tellAddons(about: About, addons: readonly unknown[], at: (index: number) => Seen): void {
  for (const [index, addon] of addons.entries()) {
    const plan = typeof addon === "string" ? addon : (stringAt(addon, ["plan"]) ?? "");
    const version = stringAt(addon, ["options", "version"]) ?? null;
    const found = ADDONS.find(([name]) => name.test(plan));
    if (found) tellStore(about, { kind: found[1], variable: found[2], version, extensions: [] }, at(index));
  }
}
