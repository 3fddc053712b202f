import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { portOf } from "../../command-line.ts";
import { filesLike } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { healthPath, tellDockerfile, tellProcess, tellRelease, tellStart, tellVariable } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { tellOutput } from "./tell-output.ts";
import { tellStore } from "./tell-store.ts";

const ENGINES: Record<string, string> = {
  PG: "postgres",
  MYSQL: "mysql",
  REDIS: "redis",
  VALKEY: "redis",
  MONGODB: "mongodb",
  KAFKA: "kafka",
  OPENSEARCH: "opensearch",
};
const LISTS = ["services", "workers", "jobs", "static_sites"] as const;

/** `.do/app.yaml` and the template of its button, where the same lies under `spec`. */
export const digitalocean: Platform = {
  id: "digitalocean",
  reads: [".do/app.yaml", ".do/deploy.template.yaml"],
  find: (snapshot) =>
    filesLike(snapshot, /^(?:app|deploy\.template)\.ya?ml$/).filter((path) => baseOf(folderOf(path)) === ".do"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

function readFile(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const root = Object.keys(recordAt(document.value, ["spec"])).length > 0 ? ["spec"] : [];
  const value = recordAt(document.value, root);
  const at = seenIn(file, document);
  const home = folderOf(folderOf(file));
  const seen = (...path: (string | number)[]) => at(...root, ...path);
  for (const list of LISTS)
    for (const [index, service] of listAt(value, [list]).entries()) {
      const text = (...path: string[]) => stringAt(service, path);
      const name = text("name") ?? list;
      const folder = joinPath(home, `./${(text("source_dir") ?? "").replace(/^\/+/, "")}`);
      const told = { file, folder, names: [name] };
      const about = site.about(file, folder, told.names);
      const place = (...path: string[]) => seen(list, index, ...path);
      tellBuild(site, told, text("build_command"), place("build_command"));
      const command = text("run_command");
      if (list === "services" && command !== undefined) tellStart(site, told, command, place("run_command"));
      if (list === "workers") tellProcess(site, told, name, command, place("run_command"));
      if (list === "jobs" && command !== undefined && text("kind") === "PRE_DEPLOY")
        tellRelease(about, command, place("run_command"));
      if (list === "static_sites") tellOutput(site, told, text("output_dir"), place("output_dir"));
      about.claim("port", portOf(text("http_port") ?? ""), { ...place("http_port"), rule: "port" });
      about.claim("health", healthPath(text("health_check", "http_path")), {
        ...place("health_check"),
        rule: "health",
      });
      const dockerfile = text("dockerfile_path");
      if (dockerfile !== undefined)
        tellDockerfile(site, about, joinPath(home, `./${dockerfile}`), place("dockerfile_path"));
      for (const [inner, entry] of listAt(service, ["envs"]).entries()) {
        const key = stringAt(entry, ["key"]);
        const phase = stringAt(entry, ["scope"]) === "BUILD_TIME" ? "build" : "run";
        if (key !== undefined) tellVariable(about, key, seen(list, index, "envs", inner), { phase });
      }
      if (list === "static_sites") continue;
      for (const [inner, database] of listAt(value, ["databases"]).entries()) {
        const kind = ENGINES[stringAt(database, ["engine"]) ?? "PG"];
        const store = stringAt(database, ["name"]) ?? "";
        const used = listAt(service, ["envs"]).find((entry) =>
          (stringAt(entry, ["value"]) ?? "").startsWith(`\${${store}.`),
        );
        const variable = stringAt(used, ["key"]) ?? null;
        if (kind !== undefined && (used !== undefined || listAt(value, ["services"]).length === 1))
          tellStore(
            about,
            { kind, variable, version: stringAt(database, ["version"]) ?? null, extensions: [] },
            seen("databases", inner),
          );
      }
    }
}
