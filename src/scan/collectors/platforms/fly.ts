import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { portOf } from "../../command-line.ts";
import { filesLike, roleOf } from "./names.ts";
import { type About, type Platform, type Seen, type Site, seenIn } from "./platform.ts";
import { healthPath, tellDockerfile, tellProcess, tellRelease, tellStart, tellVariable } from "./tell.ts";
import { textsAt } from "./texts.ts";

const USUAL = /^fly|\.toml$/g;
/** Names of the group of processes that takes requests. */
const WEB = /^(?:app|web|server|http)$/;
const STAGING_WORTH = 0.9;

/** `fly.toml`; those of other stages count less. */
export const fly: Platform = {
  id: "fly",
  reads: ["fly.toml"],
  find: (snapshot) => filesLike(snapshot, /^fly(?:[.-][\w-]+)?\.toml$/),
  read(site) {
    for (const file of site.files) {
      const role = roleOf(file, USUAL);
      if (role !== "test" && role !== "development") readFile(site, file);
    }
  },
};

type See = (...path: (string | number)[]) => Seen;

function readFile(site: Site, file: string): void {
  const document = site.snapshot.toml(file);
  const at = seenIn(file, document);
  const worth = /^fly\.toml$|prod/.test(file.slice(file.lastIndexOf("/") + 1)) ? {} : { confidence: STAGING_WORTH };
  const seen: See = (...path) => ({ ...at(...path), ...worth });
  const { value } = document;
  const folder = folderOf(file);
  const told = { file, folder };
  const about = site.about(file, folder);
  const dockerfile = stringAt(value, ["build", "dockerfile"]);
  if (dockerfile !== undefined)
    tellDockerfile(site, about, joinPath(folder, `./${dockerfile}`), seen("build", "dockerfile"));
  const release = stringAt(value, ["deploy", "release_command"]);
  if (release !== undefined) tellRelease(about, release, seen("deploy", "release_command"));
  const processes = Object.entries(recordAt(value, ["processes"]));
  const main = processes.find(([name]) => WEB.test(name)) ?? (processes.length === 1 ? processes[0] : undefined);
  for (const [name, command] of processes) {
    if (typeof command !== "string" || command === "") continue;
    if (name === main?.[0]) tellStart(site, told, command, seen("processes", name));
    else tellProcess(site, { ...told, names: [name] }, name, command, seen("processes", name));
  }
  const override = stringAt(value, ["experimental", "cmd"]) ?? textsAt(value, ["experimental", "cmd"]);
  if (!main && override.length > 0) tellStart(site, told, override, seen("experimental", "cmd"));
  for (const name of Object.keys(recordAt(value, ["env"]))) tellVariable(about, name, seen("env", name));
  tellPorts(about, value, seen);
  tellHealth(about, value, seen);
  const mounts = listAt(value, ["mounts"]).map((_, index) => ["mounts", index]);
  for (const place of mounts.length > 0 ? mounts : [["mounts"]]) {
    const path = stringAt(value, [...place, "destination"]);
    if (path !== undefined)
      about.claimEach("state", path, { path, what: "volume" }, { ...seen(...place, "destination"), rule: "mount" });
  }
}

function tellPorts(about: About, value: unknown, seen: See): void {
  const http = ["http_service", "internal_port"];
  const services = listAt(value, ["services"]);
  const places = [http, ...services.map((_, index) => ["services", index, "internal_port"])];
  const known = places.flatMap((path) => {
    const port = portOf(stringAt(value, path) ?? "");
    return port === undefined ? [] : [{ port, path }];
  });
  const env = portOf(stringAt(value, ["env", "PORT"]) ?? "");
  for (const { port, path } of known.slice(0, 1)) about.claim("port", port, { ...seen(...path), rule: "port" });
  if (known.length === 0) about.claim("port", env, { ...seen("env", "PORT"), rule: "port" });
}

/** The path of the first check by HTTP, in each form that the file has had. */
function tellHealth(about: About, value: unknown, seen: See): void {
  const lists: (string | number)[][] = [
    ["http_service", "checks"],
    ["http_service", "http_checks"],
    ...listAt(value, ["services"]).flatMap((_, index) => [
      ["services", index, "http_checks"],
      ["services", index, "checks"],
    ]),
  ];
  const listed = lists.flatMap((list) => listAt(value, list).map((_, index) => [...list, index, "path"]));
  const named = Object.entries(recordAt(value, ["checks"])).flatMap(([name, check]) =>
    isRecord(check) && check.type !== "tcp" ? [["checks", name, "path"]] : [],
  );
  const path = [...listed, ...named].find((place) => stringAt(value, place) !== undefined);
  if (path) about.claim("health", healthPath(stringAt(value, path)), { ...seen(...path), rule: "health" });
}
