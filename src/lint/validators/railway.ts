import { z } from "zod";
import type { Document } from "../../formats/document.ts";
import { parseToml } from "../../formats/toml.ts";
import type { Complaint } from "../finding.ts";
import { schemaComplaints } from "./schema.ts";
import type { Validator } from "./validator.ts";

// Every setting may be null, which leaves it to the dashboard.
const text = z.string().nullish();
const flag = z.boolean().nullish();
const count = z.int().min(0).nullish();
const seconds = z.union([z.number().min(0), z.string().regex(/^\d+$/)], "seconds, as a number").nullish();
const choice = (...words: [string, ...string[]]) => z.enum(words, `one of ${words.join(", ")}`).nullish();

const Build = z.strictObject({
  builder: choice("RAILPACK", "DOCKERFILE", "NIXPACKS", "HEROKU", "PAKETO"),
  buildCommand: text,
  dockerfilePath: text,
  watchPatterns: z.array(z.string()).nullish(),
  railpackVersion: text,
  nixpacksVersion: text,
  nixpacksConfigPath: text,
  nixpacksPlan: z.record(z.string(), z.unknown()).nullish(),
  buildEnvironment: text,
});

const Deploy = z.strictObject({
  startCommand: text,
  preDeployCommand: z.union([z.string(), z.array(z.string())], "a command, or a list of one").nullish(),
  healthcheckPath: z.string().startsWith("/", "a path that begins with /").nullish(),
  healthcheckTimeout: seconds,
  restartPolicyType: choice("ON_FAILURE", "ALWAYS", "NEVER"),
  restartPolicyMaxRetries: count,
  cronSchedule: text,
  numReplicas: count,
  region: text,
  multiRegionConfig: z.record(z.string(), z.looseObject({ numReplicas: count }).nullable()).nullish(),
  sleepApplication: flag,
  overlapSeconds: seconds,
  drainingSeconds: seconds,
  runtime: choice("V2", "LEGACY", "UNSPECIFIED"),
  requiredMountPath: text,
  limitOverride: z.unknown().optional(),
  ipv6EgressEnabled: flag,
  useLegacyStacker: flag,
  registryCredentials: z.unknown().optional(),
});

const Part = { build: Build.nullish(), deploy: Deploy.nullish() };
const Railway = z.strictObject({
  $schema: z.string().optional(),
  ...Part,
  environments: z.record(z.string(), z.strictObject(Part).nullable()).nullish(),
});

/** `railway.json` and `railway.toml`. */
export const railwaySchema: Validator = {
  id: "railway-schema",
  kinds: ["railway"],
  validate: async (file) => {
    if (file.path.endsWith(".ts")) return [];
    if (!file.path.endsWith(".toml")) return file.documents().flatMap(judged);
    const document = parseToml(file.text);
    return [
      ...document.problems.map((problem) => ({ ...problem, message: `no TOML: ${problem.message}` })),
      ...judged(document),
    ];
  },
};

function judged(document: Document): Complaint[] {
  return document.problems.length > 0 ? [] : schemaComplaints(document, Railway);
}
