import { z } from "zod";
import { keysAt } from "../../../config/keys.ts";
import { type Mistake, refusal, schemaMistakes, type Wording } from "../../../config/problem.ts";
import { isKnownError } from "../../../core/errors.ts";
import { exposedSecrets, type Secrets } from "./exposure.ts";
import { extendServices } from "./extends.ts";
import { interpolate } from "./interpolate.ts";
import type { ComposeFile, ComposeService } from "./model.ts";
import { missingReferences } from "./references.ts";
import { review } from "./review.ts";
import { File, Infrastructure, Service } from "./schema.ts";
import { child, lineOf, type MapTree, mapTexts, readTree, type Tree, toData } from "./tree.ts";
import { Pairs } from "./values.ts";

/** `variable` answers what `${NAME}` stands for. */
export interface ComposeOptions extends Secrets {
  /** What errors call the file. */
  name: string;
  /** Absolute folder that relative paths start from. */
  dir: string;
  /** Services that we run: only what `docker create` can do is allowed in them. The others are left to Compose. */
  ours: readonly string[];
}

const REFERENCE = "https://docs.docker.com/reference/compose-file";
const INCLUDED: Mistake = {
  code: "SM-COMPOSE-FEATURE",
  at: ["include"],
  message: "include: another file is not read",
  next: "copy its services into this file",
};

interface Reading {
  mistakes: Mistake[];
  notes: string[];
  variables: Set<string>;
  options: ComposeOptions;
}

/** Reads a Compose file; all its mistakes are one `UserError` (`SM-COMPOSE-…`) with lines and next steps. */
export function loadComposeFile(text: string, options: ComposeOptions): ComposeFile {
  const { name, dir } = options;
  const read = readTree(text);
  if ("mistake" in read) throw refusal([read.mistake], { name, lineOf: () => read.line, reference: REFERENCE });
  const included = child(read.tree, "include");
  if (included) throw refusal([INCLUDED], { name, lineOf: () => included.line, reference: REFERENCE });
  const reading: Reading = { mistakes: [], notes: [], variables: new Set(), options };
  const tree = extendedTree(filledIn(withoutExtensions(read.tree), reading), reading);
  const refuse = (mistakes: Mistake[]) =>
    refusal(mistakes, { name, lineOf: (at) => lineOf(tree, at), reference: REFERENCE });

  const file = parsed(File, tree, [], tree, reading);
  const { services, infrastructure } = servicesOf(tree, reading);
  if (!file || reading.mistakes.length > 0) throw refuse(reading.mistakes);
  const { notes, variables } = reading;
  const document = toData(tree) as ComposeFile["document"];
  const model = { ...file, dir, services, infrastructure, document, variables: [...variables], notes };
  notes.push(...callsOurs(model));
  const wrong = [...missingReferences(model), ...exposedVolumes(model, tree, options)];
  if (wrong.length > 0) throw refuse(wrong);
  return model;
}

/** Extensions at the top are there for anchors; they mean nothing by themselves. */
function withoutExtensions(tree: MapTree): MapTree {
  return { ...tree, entries: new Map([...tree.entries].filter(([key]) => !key.startsWith("x-"))) };
}

function filledIn(tree: MapTree, { options, mistakes, notes, variables }: Reading): Tree {
  const lookup = (name: string) => {
    variables.add(name);
    return options.variable(name);
  };
  const reported = new Set<string>();
  return mapTexts(tree, (text, at) => {
    if (!text.includes("$")) return text;
    try {
      const { text: filled, unset } = interpolate(text, lookup);
      for (const name of unset.filter((item) => !reported.has(item))) {
        reported.add(name);
        notes.push(`${options.name}:${lineOf(tree, at)}: the variable ${name} is not set; it counts as empty`);
      }
      return filled;
    } catch (error) {
      if (!isKnownError(error)) throw error;
      mistakes.push({ code: error.code, at, message: `${at.join(".")}: ${error.message}`, next: error.next });
      return text;
    }
  });
}

/** With every service extended. */
function extendedTree(tree: Tree, { mistakes }: Reading): Tree {
  const services = child(tree, "services");
  if (tree.kind !== "map" || services?.kind !== "map") return tree;
  const entries = extendServices(services, mistakes);
  return { ...tree, entries: new Map([...tree.entries, ["services", { ...services, entries }]]) };
}

function servicesOf(tree: Tree, reading: Reading) {
  const services: Record<string, ComposeService> = {};
  const infrastructure: Record<string, Infrastructure> = {};
  const all = child(tree, "services");
  for (const [name, node] of all?.kind === "map" ? all.entries : []) {
    const at = ["services", name];
    // Secrets must not be in the record of a release, so variables stay variables there.
    const texts = child(node, "environment");
    const written = texts && Pairs.safeParse(toData(texts, true)).data;
    const environment = written ? { environment: written } : {};
    if (reading.options.ours.includes(name)) {
      const kept = reviewed(node, at, tree, reading);
      reading.mistakes.push(...exposedSecrets(kept, at, reading.options, "environment"));
      const service = parsed(Service, kept, at, tree, reading);
      if (service) services[name] = { ...service, ...environment };
    } else {
      const service = parsed(Infrastructure, node, at, tree, reading);
      if (service && !service.profiles?.length) infrastructure[name] = { ...service, ...environment };
    }
  }
  return { services, infrastructure };
}

/** Volumes that our services mount are made by us; Compose makes the others. */
function exposedVolumes({ services }: Pick<ComposeFile, "services">, tree: Tree, secrets: Secrets): Mistake[] {
  const mounts = Object.values(services).flatMap((service) => service.volumes ?? []);
  const ours = new Set(mounts.flatMap(({ type, source }) => (type === "volume" && source !== null ? [source] : [])));
  return [...ours].flatMap((key) => {
    const volume = child(child(tree, "volumes"), key);
    return volume ? exposedSecrets(volume, ["volumes", key], secrets) : [];
  });
}

/** Without what does not concern us or cannot be done. */
function reviewed(node: Tree, at: string[], tree: Tree, { mistakes, notes, options }: Reading): Tree {
  const note = (place: readonly PropertyKey[], text: string) => {
    notes.push(`${options.name}:${lineOf(tree, place)}: ${text}`);
  };
  return node.kind === "map" ? review(node, at, { mistakes, note }) : node;
}

/** Compose knows nothing of our containers. */
function callsOurs({ services, infrastructure }: Pick<ComposeFile, "services" | "infrastructure">): string[] {
  return Object.entries(infrastructure).flatMap(([name, { depends_on = {} }]) =>
    Object.keys(depends_on)
      .filter((other) => other in services)
      .map((other) => `${name} is left to Compose and cannot call ${other} by name; let it call the port of the host`),
  );
}

function parsed<T>(schema: z.ZodType<T>, node: Tree, at: string[], whole: Tree, reading: Reading): T | undefined {
  const result = schema.safeParse(toData(node));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] }));
  const wording: Wording = {
    whole: "the file",
    reference: REFERENCE,
    keysAt: (path, value) =>
      keysAt(path.slice(at.length), value, z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })),
  };
  reading.mistakes.push(...schemaMistakes(issues, toData(whole), wording).map(ofCompose));
  return undefined;
}

const MOST_TEXT = 200;

/** The same mistake with the code that tells the Compose file from the manifest, and no list of all keys there are. */
function ofCompose({ code, at, message, next = "" }: Mistake): Mistake {
  const step = next === "" || next.length > MOST_TEXT ? `see ${REFERENCE}` : next;
  if (code === "SM-CONFIG-KEY") return { code: "SM-COMPOSE-KEY", at, message, next: step };
  return { code: "SM-COMPOSE-VALUE", at, message, next: step };
}
