import { stringAt } from "../../../../formats/document.ts";
import { joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import type { Span } from "../literals/properties.ts";
import { filesWith } from "./candidates.ts";
import { type Module, moduleOf } from "./module.ts";

interface Ground {
  snapshot: Snapshot;
  unit: string;
}

/** An expression of another file. */
interface Elsewhere {
  module: Module;
  span: Span;
}

/** Where applications keep what their configuration answers. */
const SETTINGS = /config|setting|env|constants?|app\.module|validation/i;
const DATA = ["default.json", "default.yaml", "default.yml", "production.json", "production.yaml"];
const CODE = ["default.js", "default.ts", "default.cjs", "default.mjs"];

/** What files of the unit define under the keys that a service of settings was asked for. */
export function definedElsewhere(ground: Ground, keys: readonly string[]): Elsewhere[] {
  const key = keys.at(-1) ?? "";
  const group = keys.at(-2);
  const words = new RegExp(`(?<![\\w$.])${key}(?![\\w$])`);
  return filesWith(ground, SETTINGS, words).flatMap((file): Elsewhere[] => {
    const module = moduleOf(ground.snapshot, file, ground.unit);
    if (!module) return [];
    const registered =
      group !== undefined && new RegExp(`\\bregisterAs\\(\\s*["']${group}["']`).test(module.masked.code);
    const wanted = registered ? [key] : keys;
    const own = module.properties().filter(({ path }) => {
      const names = path.filter((part) => !/[=)]$/.test(part));
      // A name in capitals is a variable of the environment wherever a schema has it.
      const plain = /^[A-Z_]+$/.test(key) ? names.slice(-1) : names;
      return plain.length === wanted.length && plain.every((name, index) => name === wanted[index]);
    });
    if (own.length > 0) return own.map((span) => ({ module, span }));
    const field = keys.length === 1 ? module.variable(key) : undefined;
    return field && field.from === undefined ? [{ module, span: field.span }] : [];
  });
}

/** A value of the folder `config`, as the package of that name reads it. */
export function inConfigFolder(
  { snapshot, unit }: Ground,
  keys: readonly string[],
): { value: string; file: string; at: number } | Elsewhere | undefined {
  const there = (base: string) => joinPath(unit, `config/${base}`) ?? base;
  for (const file of DATA.map(there).filter((path) => snapshot.has(path))) {
    const document = file.endsWith(".json") ? snapshot.json(file) : snapshot.yaml(file);
    const value = stringAt(document.value, [...keys]);
    const place = document.place([...keys]);
    if (value !== undefined) return { value, file, at: offsetOf(snapshot.text(file) ?? "", place?.line ?? 1) };
  }
  for (const file of CODE.map(there).filter((path) => snapshot.has(path))) {
    const module = moduleOf(snapshot, file, unit);
    const span = module?.properties().find(({ path }) => {
      const names = path.filter((part) => !/[=)]$/.test(part));
      return names.length === keys.length && names.every((name, index) => name === keys[index]);
    });
    if (module && span) return { module, span };
  }
  return undefined;
}

/** Where a line begins. */
function offsetOf(text: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count += 1) at = text.indexOf("\n", at) + 1;
  return at;
}
