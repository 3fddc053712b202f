import { type Document, isRecord, recordAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { parseToml } from "../../../formats/toml.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { code, type Source } from "./source.ts";

/** Settings of a service that `railway.json` or `railway.toml` holds, in the words of `railway.ts`. */
export interface LegacySettings {
  file: string;
  settings: Record<string, Source>;
  /** What it says for one environment only. */
  environments: Record<string, Record<string, Source>>;
  /** Keys that the new file has no place for. */
  lost: string[];
}

type Form = "text" | "number" | "flag" | "list" | "command" | "object" | readonly string[];

/** Keys of the old file: where the new one has them, and the form it wants. Numbers may have been written as strings. */
const KEYS: Record<string, readonly [to: string, form: Form]> = {
  "build.builder": ["build.builder", ["NIXPACKS", "DOCKERFILE", "RAILPACK", "HEROKU", "PAKETO"]],
  "build.buildCommand": ["build.buildCommand", "text"],
  "build.buildEnvironment": ["build.buildEnvironment", ["V2", "V3"]],
  "build.dockerfilePath": ["build.dockerfilePath", "text"],
  "build.watchPatterns": ["build.watchPatterns", "list"],
  "build.nixpacksPlan": ["build.nixpacksPlan", "object"],
  "build.nixpacksConfigPath": ["build.nixpacksConfigPath", "text"],
  "build.nixpacksVersion": ["build.nixpacksVersion", "text"],
  "build.railpackVersion": ["build.railpackVersion", "text"],
  "deploy.startCommand": ["start", "text"],
  "deploy.preDeployCommand": ["preDeploy", "command"],
  "deploy.healthcheckPath": ["healthcheck", "text"],
  "deploy.healthcheckTimeout": ["healthcheckTimeout", "number"],
  "deploy.numReplicas": ["replicas", "number"],
  "deploy.multiRegionConfig": ["deploy.multiRegionConfig", "object"],
  "deploy.region": ["deploy.region", "text"],
  "deploy.restartPolicyType": ["deploy.restartPolicyType", ["ON_FAILURE", "ALWAYS", "NEVER"]],
  "deploy.restartPolicyMaxRetries": ["deploy.restartPolicyMaxRetries", "number"],
  "deploy.overlapSeconds": ["deploy.overlapSeconds", "number"],
  "deploy.drainingSeconds": ["deploy.drainingSeconds", "number"],
  "deploy.cronSchedule": ["deploy.cronSchedule", "text"],
  "deploy.sleepApplication": ["deploy.sleepApplication", "flag"],
  "deploy.runtime": ["deploy.runtime", "text"],
  "deploy.requiredMountPath": ["deploy.requiredMountPath", "text"],
  "deploy.limitOverride": ["deploy.limitOverride", "object"],
  "deploy.ipv6EgressEnabled": ["deploy.ipv6EgressEnabled", "flag"],
  "deploy.useLegacyStacker": ["deploy.useLegacyStacker", "flag"],
};

/** The value as the new file takes it; undefined where it does not. */
function formed(form: Form, given: unknown): Source | undefined {
  if (typeof form !== "string") return form.find((word) => word === given);
  if (form === "text") return typeof given === "string" ? given : undefined;
  if (form === "flag") return typeof given === "boolean" ? given : undefined;
  if (form === "object") return isRecord(given) ? code(JSON.stringify(given)) : undefined;
  if (form === "number") {
    const number = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
    return typeof number === "number" && Number.isFinite(number) ? number : undefined;
  }
  const isList = Array.isArray(given) && given.every((item) => typeof item === "string");
  if (form === "command" && typeof given === "string") return given;
  return isList ? given : undefined;
}

/** The old configuration that speaks about a service; undefined where there is none that can be read. */
export function legacySettings({ path }: PlannedService, { tree, services }: Plan): LegacySettings | undefined {
  const folders = services.length === 1 ? [path, "."] : [path];
  const candidates = folders.flatMap((folder) =>
    ["railway.json", "railway.toml"].map((name) => joinPath(folder, name) ?? name),
  );
  const file = candidates.find((candidate) => tree.has(candidate));
  const text = file && tree.text(file);
  if (file === undefined || text === undefined) return undefined;
  const document: Document = file.endsWith(".json") ? parseJson(text) : parseToml(text);
  if (!isRecord(document.value)) return undefined;
  const { settings, lost } = translated(document.value);
  const environments = Object.entries(recordAt(document.value, ["environments"])).map(
    ([name, value]) => [name, translated(isRecord(value) ? value : {})] as const,
  );
  return {
    file,
    settings,
    environments: Object.fromEntries(environments.map(([name, found]) => [name, found.settings])),
    lost: [...lost, ...environments.flatMap(([name, found]) => found.lost.map((key) => `environments.${name}.${key}`))],
  };
}

function translated(value: Record<string, unknown>): { settings: Record<string, Source>; lost: string[] } {
  const settings: Record<string, Source> = {};
  const lost: string[] = [];
  for (const section of ["build", "deploy"])
    for (const [key, given] of Object.entries(recordAt(value, [section]))) {
      if (given === null) continue;
      const [to, form] = KEYS[`${section}.${key}`] ?? [];
      const value = form && formed(form, given);
      if (to !== undefined && value !== undefined) put(settings, to.split("."), value);
      else lost.push(`${section}.${key}`);
    }
  const others = Object.keys(value).filter((key) => !["build", "deploy", "environments", "$schema"].includes(key));
  return { settings, lost: [...lost, ...others] };
}

function put(settings: Record<string, Source>, [first = "", second]: readonly string[], value: Source): void {
  settings[first] =
    second === undefined ? value : { ...(settings[first] as Record<string, Source> | undefined), [second]: value };
}
