import { type Document, isRecord, recordAt, stringAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { parseToml } from "../../../formats/toml.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import type { Source } from "./source.ts";

/** Settings of a service that `railway.json` or `railway.toml` holds, in the words of `railway.ts`. */
export interface LegacySettings {
  file: string;
  settings: Record<string, Source>;
  /** What it says for one environment only. */
  environments: Record<string, Record<string, Source>>;
  /** Keys that the new file has no place for. */
  lost: string[];
}

/** Keys of the old file, and where the new one has them. Numbers may be written as strings. */
const KEYS: Record<string, { to: string; number?: boolean }> = {
  "build.builder": { to: "build.builder" },
  "build.buildCommand": { to: "build.buildCommand" },
  "build.dockerfilePath": { to: "build.dockerfilePath" },
  "build.watchPatterns": { to: "build.watchPatterns" },
  "build.nixpacksPlan": { to: "build.nixpacksPlan" },
  "build.nixpacksConfigPath": { to: "build.nixpacksConfigPath" },
  "build.railpackVersion": { to: "build.railpackVersion" },
  "deploy.startCommand": { to: "start" },
  "deploy.preDeployCommand": { to: "preDeploy" },
  "deploy.healthcheckPath": { to: "healthcheck" },
  "deploy.healthcheckTimeout": { to: "healthcheckTimeout", number: true },
  "deploy.numReplicas": { to: "replicas", number: true },
  "deploy.multiRegionConfig": { to: "deploy.multiRegionConfig" },
  "deploy.region": { to: "deploy.region" },
  "deploy.restartPolicyType": { to: "deploy.restartPolicyType" },
  "deploy.restartPolicyMaxRetries": { to: "deploy.restartPolicyMaxRetries", number: true },
  "deploy.overlapSeconds": { to: "deploy.overlapSeconds", number: true },
  "deploy.drainingSeconds": { to: "deploy.drainingSeconds", number: true },
  "deploy.cronSchedule": { to: "deploy.cronSchedule" },
  "deploy.sleepApplication": { to: "deploy.sleepApplication" },
};

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
      const known = KEYS[`${section}.${key}`];
      if (given === null) continue;
      if (known)
        put(settings, known.to.split("."), known.number ? Number(stringAt(given) ?? given) : (given as Source));
      else lost.push(`${section}.${key}`);
    }
  const others = Object.keys(value).filter((key) => !["build", "deploy", "environments", "$schema"].includes(key));
  return { settings, lost: [...lost, ...others] };
}

function put(settings: Record<string, Source>, [first = "", second]: readonly string[], value: Source): void {
  settings[first] =
    second === undefined ? value : { ...(settings[first] as Record<string, Source> | undefined), [second]: value };
}
