import { isRecord, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";
import { filesLike, roleOf } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { healthPath, tellStart, tellVariable } from "./tell.ts";

const RUNTIME = /^(nodejs|python|go|java|php|ruby|dotnet)(\d+)?$/;
const NAMES: Record<string, string> = { nodejs: "node" };

/** `app.yaml` of Google App Engine. */
export const appEngine: Platform = {
  id: "app-engine",
  reads: ["app.yaml"],
  find: (snapshot) =>
    filesLike(snapshot, /^app(?:[.-](?:prod|production|flex|standard|engine))?\.ya?ml$/).filter((file) =>
      isConfig(snapshot, file),
    ),
  read(site) {
    for (const file of site.files) if (roleOf(file, /^app|\.ya?ml$/g) !== "test") readFile(site, file);
  },
};

function isConfig(snapshot: Snapshot, file: string): boolean {
  if (!/^[^\S\n]*["']?runtime["']?\s*:/m.test(snapshot.text(file) ?? "")) return false;
  const { value } = snapshot.yaml(file);
  return isRecord(value) && typeof value.runtime === "string" && !("apiVersion" in value);
}

function readFile(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const folder = folderOf(file);
  const service = stringAt(value, ["service"]);
  const about = site.about(file, folder, service === undefined ? [] : [service]);
  const [, name = "", digits] = RUNTIME.exec(stringAt(value, ["runtime"]) ?? "") ?? [];
  const version =
    stringAt(value, ["runtime_config", "runtime_version"]) ?? stringAt(value, ["runtime_config", "operating_system"]);
  const told = digits === undefined ? (version && /^\d/.test(version) ? version : undefined) : versionOf(name, digits);
  if (name !== "" && told !== undefined)
    about.claim("runtime", { name: NAMES[name] ?? name, version: told }, seen("runtime"));
  const entry = stringAt(value, ["entrypoint"]) ?? stringAt(value, ["entrypoint", "shell"]);
  if (entry !== undefined) tellStart(site, { file, folder }, entry, seen("entrypoint"));
  for (const section of ["env_variables", "build_env_variables"])
    for (const key of Object.keys(recordAt(value, [section])))
      tellVariable(about, key, seen(section, key), section === "env_variables" ? {} : { phase: "build" });
  about.claim("health", healthPath(stringAt(value, ["liveness_check", "path"])), {
    ...seen("liveness_check", "path"),
    rule: "health",
  });
  about.claim("readiness", healthPath(stringAt(value, ["readiness_check", "path"])), {
    ...seen("readiness_check", "path"),
    rule: "readiness",
  });
}

/** `python312` is 3.12, `go122` 1.22, `nodejs20` 20. */
function versionOf(name: string, digits: string): string | undefined {
  if (name === "nodejs" || name === "java" || name === "dotnet") return digits;
  return digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : undefined;
}
