import { z } from "zod";
import { type Document, isRecord, recordAt } from "../../formats/document.ts";
import type { Complaint } from "../finding.ts";
import { complain } from "../rules/places.ts";
import { schemaComplaints } from "./schema.ts";
import type { Validator } from "./validator.ts";

const any = z.unknown().optional();
const command = z.string().max(256, "256 characters at most").nullish();
const MOST_SECONDS = 900;
const DURATION = `1 to ${MOST_SECONDS} seconds, or "max"`;

const FunctionSettings = z.looseObject({
  runtime: z.string().optional(),
  memory: z.number().min(128).max(10_240).optional(),
  maxDuration: z.union([z.int().min(1, DURATION).max(MOST_SECONDS, DURATION), z.literal("max")], DURATION).optional(),
  includeFiles: any,
  excludeFiles: any,
});
const Condition = z.looseObject({ type: z.enum(["host", "header", "cookie", "query"]) });
const matched = { has: z.array(Condition).optional(), missing: z.array(Condition).optional() };

const Vercel = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(2).optional(),
  name: any,
  alias: any,
  scope: any,
  public: any,
  files: any,
  license: any,
  build: any,
  builds: z.array(z.looseObject({ use: z.string() })).optional(),
  env: any,
  buildCommand: command,
  devCommand: command,
  installCommand: command,
  ignoreCommand: command,
  framework: z.string().nullish(),
  outputDirectory: z.string().nullish(),
  rootDirectory: z.string().nullish(),
  functions: z.record(z.string(), FunctionSettings).optional(),
  regions: z.union([z.array(z.string()), z.string()], "a list of regions").optional(),
  passiveRegions: any,
  functionFailoverRegions: any,
  fluid: z.boolean().optional(),
  bunVersion: z.string().optional(),
  crons: z
    .array(
      z.looseObject({
        path: z.string().startsWith("/", "a path that begins with /"),
        schedule: z.string().regex(/^\S+(?:\s+\S+){4}$/, "five fields of a cron expression"),
      }),
    )
    .optional(),
  schedules: any,
  images: any,
  git: any,
  github: any,
  relatedProjects: any,
  microfrontends: any,
  wildcard: any,
  cleanUrls: z.boolean().optional(),
  trailingSlash: z.boolean().optional(),
  headers: z
    .array(
      z.looseObject({
        source: z.string(),
        headers: z.array(z.looseObject({ key: z.string(), value: z.string() })),
        ...matched,
      }),
    )
    .optional(),
  redirects: z
    .array(
      z.looseObject({
        source: z.string(),
        destination: z.string(),
        permanent: z.boolean().optional(),
        statusCode: z.int().optional(),
        ...matched,
      }),
    )
    .optional(),
  rewrites: z.array(z.looseObject({ source: z.string(), destination: any, ...matched })).optional(),
  routes: z.array(z.looseObject({})).optional(),
  bulkRedirectsPath: any,
  customErrorPage: any,
  services: any,
  experimentalServices: any,
  experimentalServiceGroups: any,
});

/** `vercel.json`. */
export const vercelSchema: Validator = {
  id: "vercel-schema",
  kinds: ["vercel"],
  validate: async (file, { tree }) => {
    const documents = file.documents();
    const readable = documents.filter(({ problems, value }) => problems.length === 0 && isRecord(value));
    const twin = file.path.replace(/\.json$/, ".ts");
    return [
      ...readable.flatMap((document) => [...schemaComplaints(document, Vercel), ...conflicts(document)]),
      ...(tree.has(twin)
        ? [{ line: 1, column: 1, message: `${twin} is there too, and Vercel takes one of them only: remove one` }]
        : []),
    ];
  },
};

/** Keys that Vercel refuses together. */
function conflicts(document: Document): Complaint[] {
  const value = recordAt(document.value);
  const found: Complaint[] = [];
  const routed = ["rewrites", "redirects", "headers", "cleanUrls", "trailingSlash"].filter(
    (key) => value[key] !== undefined,
  );
  if (value.routes !== undefined && routed.length > 0)
    found.push(
      complain(
        document,
        ["routes"],
        `\`routes\` cannot stand beside \`${routed.join("`, `")}\`: write its rules as those`,
      ),
    );
  if (value.functions !== undefined && value.builds !== undefined)
    found.push(complain(document, ["builds"], "`builds` cannot stand beside `functions`: remove `builds`"));
  return found;
}
