import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import { systemCode } from "../core/errors.ts";
import { wrongAddresses } from "./addresses.ts";
import { unknownWindowChecks } from "./maintenance-checks.ts";
import { unknownPlaceholders } from "./placeholders.ts";
import { MANIFEST_REFERENCE, problem, refusal, schemaMistakes } from "./problem.ts";
import { checkReferences } from "./references.ts";
import { type ManifestConfig, ManifestSchema } from "./schema.ts";

const LARGEST_BYTES = 1_000_000;
const MOST_ALIASES = 100;

/** A loaded manifest and where it came from. */
export interface Manifest extends ManifestConfig {
  /** Absolute path of the file. */
  file: string;
  /** Absolute folder that relative paths start from. */
  root: string;
}

/** Reads and validates `stationmaster.yaml`; its mistakes are one `UserError` with file, lines and the nearest spellings. */
export function loadManifest(path: string): Manifest {
  const file = resolve(path);
  const root = dirname(file);
  return { ...parseManifest(readText(file), path), file, root };
}

/** The same for text already at hand; `name` is what errors call the file. */
export function parseManifest(text: string, name = "stationmaster.yaml"): ManifestConfig {
  const lines = new LineCounter();
  // The library compares each key with all before it: ten thousand checks would hold up the daemon for half a minute.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const place = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const syntax = document.errors[0];
  if (syntax) throw problem("SM-CONFIG-YAML", `${place(syntax.pos[0])}: ${syntax.message}`, "correct the YAML");
  refuseKeys(document, place);
  const value = toData(document, name);
  const lineOf = (at: readonly PropertyKey[]) => {
    const offset = offsetOf(document.contents, at);
    return offset === undefined ? 1 : lines.linePos(offset).line;
  };
  const parsed = ManifestSchema.safeParse(value);
  if (!parsed.success) throw refusal(schemaMistakes(parsed.error.issues, value), { name, lineOf });
  const mistakes = [
    ...checkReferences(parsed.data),
    ...unknownWindowChecks(parsed.data),
    ...unknownPlaceholders(parsed.data),
    ...wrongAddresses(parsed.data),
  ];
  if (mistakes.length > 0) throw refusal(mistakes, { name, lineOf });
  return parsed.data;
}

/** A key that is there twice; and one that JavaScript drops silently: a person would look for their service in vain. */
function refuseKeys(document: ReturnType<typeof parseDocument>, place: (offset: number) => string): void {
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const at = place(key.range?.[0] ?? 0);
        if (key.value === "__proto__")
          throw problem("SM-CONFIG-KEY", `${at}: "__proto__" cannot be a name`, "choose another");
        if (seen.has(key.value))
          throw problem("SM-CONFIG-YAML", `${at}: the key "${String(key.value)}" is there twice`, "correct the YAML");
        seen.add(key.value);
      }
    },
  });
}

function readText(file: string): string {
  try {
    const size = statSync(file).size;
    if (size > LARGEST_BYTES)
      throw problem(
        "SM-CONFIG-SIZE",
        `${file} has ${(size / 1e6).toFixed(1)} MB; a manifest has at most 1 MB`,
        "is this the right file?",
      );
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT")
      throw problem(
        "SM-CONFIG-MISSING",
        `there is no ${file}`,
        "run stationmaster init, or name one with --config FILE",
      );
    if (code?.startsWith("E"))
      throw problem("SM-CONFIG-READ", `cannot read ${file} (${code})`, "check the path and its permissions");
    throw cause;
  }
}

function toData(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    if (value === null || typeof value !== "object" || Array.isArray(value))
      throw problem(
        "SM-CONFIG-YAML",
        `${name}:1: the manifest must be a mapping with project, services and environments`,
        `see ${MANIFEST_REFERENCE}`,
      );
    return value;
  } catch (cause) {
    if (cause instanceof ReferenceError)
      throw problem(
        "SM-CONFIG-ALIASES",
        `${name}: the YAML aliases expand to too much`,
        "write the repeated parts out",
      );
    throw cause;
  }
}

function offsetOf(node: unknown, at: readonly PropertyKey[]): number | undefined {
  let current: unknown = node;
  let offset = (node as Node | null)?.range?.[0];
  for (const key of at) {
    if (isAlias(current)) return offset;
    if (isMap(current)) {
      const pair = current.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      current = pair.value;
    } else if (isSeq(current)) {
      current = current.items[Number(key)];
      offset = (current as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
