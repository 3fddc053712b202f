import { readFileSync } from "node:fs";
import type { ErrorObject, ValidateFunction } from "ajv";
import { type Document, isRecord, listAt, type Path, stringAt, valueAt } from "../../formats/document.ts";
import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import { type ComposeFile, type ComposeService, composeOf, dependenciesOf, mountsOf } from "../rules/compose/model.ts";
import { complain } from "../rules/places.ts";
import type { Validator } from "./validator.ts";

/** The schema of the Compose Specification, and names that nothing declares. */
export const composeSchema: Validator = {
  id: "compose-schema",
  kinds: ["compose"],
  async validate(file, context) {
    const compose = composeOf(file, context);
    const { document, legacy } = compose;
    if (document.problems.length > 0 || document.value === undefined || document.value === null) return [];
    if (!isRecord(document.value)) return [complain(document, [], "no Compose file: it holds no keys")];
    return legacy ? [] : [...(await bySchema(file, document)), ...undeclared(compose), ...probes(compose)];
  },
};

let compiled: Promise<ValidateFunction> | undefined;

/** Compiled when the first Compose file comes. */
async function schema(): Promise<ValidateFunction> {
  const { Ajv } = await import("ajv");
  const text = readFileSync(new URL("./compose-schema.json", import.meta.url), "utf8");
  return new Ajv({ allErrors: true, strict: false, allowUnionTypes: true, logger: false }).compile(JSON.parse(text));
}

async function bySchema(file: LintFile, document: Document): Promise<Complaint[]> {
  // Tags of Compose stand for what the merge makes of them.
  if (/!(?:reset|override)\b/.test(file.text)) return [];
  compiled ??= schema();
  const validate = await compiled;
  if (validate(document.value)) return [];
  const found = worst(validate.errors ?? [], document.value);
  return found.map((error) =>
    complain(document, complainedPath(error, document.value), messageOf(error, document.value)),
  );
}

/** The errors that say most: those of the deepest places, none for values that variables make. */
function worst(errors: readonly ErrorObject[], root: unknown): ErrorObject[] {
  const real = errors.filter((error) => {
    const value = valueAt(root, pathOf(error.instancePath, root));
    return (
      !(typeof value === "string" && /\$\{|\$[A-Za-z_]/.test(value)) &&
      !["oneOf", "anyOf", "if", "$ref"].includes(error.keyword)
    );
  });
  const kept = real.filter(
    ({ instancePath }) => !real.some((other) => other.instancePath.startsWith(`${instancePath}/`)),
  );
  // A value of several forms fails each of them: one word of it is enough.
  return [
    ...Map.groupBy(
      kept,
      ({ instancePath, keyword, params }) =>
        `${instancePath} ${keyword === "additionalProperties" ? params.additionalProperty : ""}`,
    ).values(),
  ].flatMap((same) => same.slice(0, 1));
}

function complainedPath({ instancePath, keyword, params }: ErrorObject, root: unknown): Path {
  const path = pathOf(instancePath, root);
  return keyword === "additionalProperties" ? [...path, String(params.additionalProperty)] : path;
}

function pathOf(pointer: string, root: unknown): Path {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const path: (string | number)[] = [];
  for (const part of parts) path.push(Array.isArray(valueAt(root, path)) ? Number(part) : part);
  return path;
}

function messageOf({ instancePath, keyword, params, message }: ErrorObject, root: unknown): string {
  const path = pathOf(instancePath, root);
  const name = path.join(".") || "the file";
  if (keyword === "additionalProperties")
    return `${name} has no key ${params.additionalProperty}: correct its name, or begin it with x-`;
  if (keyword === "type") return `${name} must be ${[params.type].flat().join(" or ")}`;
  if (keyword === "enum") return `${name} must be one of ${listAt(params, ["allowedValues"]).join(", ")}`;
  if (keyword === "required") return `${name} lacks ${params.missingProperty}`;
  return `${name} ${message ?? "is not allowed"}`;
}

/** Services, volumes, networks, secrets that are used and declared nowhere; Compose refuses such a file. */
function undeclared(compose: ComposeFile): Complaint[] {
  const { document, value, services, base } = compose;
  if ("include" in value) return [];
  const files = [value, ...(base ? [base.value] : [])];
  const declared = (kind: string) =>
    new Set(files.flatMap((file) => Object.keys(isRecord(file[kind]) ? file[kind] : {})));
  const known = {
    services: declared("services"),
    volumes: declared("volumes"),
    networks: declared("networks"),
    secrets: declared("secrets"),
    configs: declared("configs"),
  };
  // A part of a file that another command line lays over an unknown one.
  const part =
    !base &&
    services.some(({ own }) => !("image" in own) && !("build" in own) && !("extends" in own) && !("provider" in own));
  if (part) return [];
  return services
    .flatMap((service) =>
      usesOf(service)
        .filter(
          ({ kind, name }) =>
            !known[kind].has(name) && !/\$/.test(name) && !(kind === "networks" && name === "default"),
        )
        .map(({ kind, name, path }) =>
          complain(
            document,
            [...service.path, ...path],
            `${service.name} uses ${kind.slice(0, -1)} ${name}, which ${kind === "services" ? "is no service of this file" : `stands not below ${kind}:`}`,
          ),
        ),
    )
    .concat(cycles(compose));
}

interface Use {
  kind: "services" | "volumes" | "networks" | "secrets" | "configs";
  name: string;
  path: Path;
}

function usesOf({ own }: ComposeService): Use[] {
  const listed = (kind: "networks" | "secrets" | "configs"): Use[] => {
    const given = own[kind];
    if (isRecord(given))
      return kind === "networks" ? Object.keys(given).map((name) => ({ kind, name, path: [kind, name] })) : [];
    return listAt(given).flatMap((item, index) => {
      const name = typeof item === "string" ? item : stringAt(item, ["source"]);
      return name === undefined ? [] : [{ kind, name, path: [kind, index] }];
    });
  };
  return [
    ...dependenciesOf(own).map(({ name, path }) => ({ kind: "services" as const, name, path })),
    ...mountsOf(own).flatMap(({ kind, source, path }) =>
      kind === "volume" && source ? [{ kind: "volumes" as const, name: source, path }] : [],
    ),
    ...listed("networks"),
    ...listed("secrets"),
    ...listed("configs"),
  ];
}

/** The list of a check begins with how the rest is run. */
function probes({ document, services }: ComposeFile): Complaint[] {
  return services.flatMap(({ own, path, name }) => {
    const [first] = listAt(own, ["healthcheck", "test"]);
    if (first === undefined || /^(?:CMD|CMD-SHELL|NONE)$/.test(String(first))) return [];
    const at = [...path, "healthcheck", "test"];
    return [
      complain(document, at, `the check of ${name} must begin with CMD, CMD-SHELL or NONE, not ${String(first)}`),
    ];
  });
}

/** Services that wait for each other. */
function cycles({ document, services }: ComposeFile): Complaint[] {
  const next = new Map(services.map(({ name, value }) => [name, dependenciesOf(value).map((found) => found.name)]));
  // What nothing waits for any more cannot be in a circle, and so on.
  for (let left = -1; left !== next.size; ) {
    left = next.size;
    for (const [name, all] of next) if (!all.some((other) => next.has(other))) next.delete(name);
  }
  return services.flatMap(({ name, path }) =>
    next.has(name) && reaches(name, next)
      ? [
          complain(
            document,
            [...path, "depends_on"],
            `${name} waits for itself by depends_on: Compose refuses the circle`,
          ),
        ]
      : [],
  );
}

function reaches(name: string, next: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...(next.get(name) ?? [])];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === name) return true;
    if (!seen.has(at)) open.push(...(next.get(at) ?? []));
    seen.add(at);
  }
  return false;
}
