import { isDeepStrictEqual } from "node:util";
import { isRecord, type Path } from "../../formats/document.ts";
import { weave } from "./three-way.ts";

/** A change of the user's document that brings it to what both sides want. */
export type Change =
  | { path: Path; set: unknown }
  /** A new entry of a list or mapping, behind the entry with this key or id; at the start where it is null. */
  | { path: Path; insert: unknown; key: string | number; after: string | number | null }
  | { path: Path; remove: true };

export interface ValueMerge {
  changes: Change[];
  /** The document as it will be. */
  value: unknown;
  conflicts: string[];
}

/** Keys that name an entry of a list, the first that all entries have. */
const IDENTITIES = [
  "name",
  "id",
  "alert",
  "record",
  "uses",
  "key",
  "host",
  "mountPath",
  "containerPort",
  "port",
  "path",
  "job_name",
  "title",
] as const;

interface Sides {
  base: unknown;
  current: unknown;
  next: unknown;
}

/** Three-way merge of plain data by key path; entries of lists are matched by what names them. The user's side wins a conflict. */
export function mergeValues(sides: Sides, path: Path = []): ValueMerge {
  const { base, current, next } = sides;
  if (isDeepStrictEqual(base, next) || isDeepStrictEqual(current, next)) return unchanged(current);
  // Also where the data is as it was: what is set as a whole loses the comments in it.
  if (isRecord(base) && isRecord(current) && isRecord(next)) return mergeRecords({ base, current, next }, path);
  if (Array.isArray(base) && Array.isArray(current) && Array.isArray(next))
    return mergeLists({ base, current, next }, path);
  if (isDeepStrictEqual(current, base)) return { changes: [{ path, set: next }], value: next, conflicts: [] };
  return { changes: [], value: current, conflicts: [named(path)] };
}

function mergeRecords({ base, current, next }: Record<keyof Sides, Record<string, unknown>>, path: Path): ValueMerge {
  const changes: Change[] = [];
  const conflicts: string[] = [];
  const value: Record<string, unknown> = { ...current };
  for (const key of Object.keys(current)) {
    if (!(key in base)) {
      // The user's own key; the generator's of the same name only counts where they agree.
      if (key in next && !isDeepStrictEqual(current[key], next[key])) {
        const both = isRecord(current[key]) && isRecord(next[key]);
        if (!both) conflicts.push(named([...path, key]));
        else take(mergeValues({ base: {}, current: current[key], next: next[key] }, [...path, key]), key);
      }
    } else if (key in next)
      take(mergeValues({ base: base[key], current: current[key], next: next[key] }, [...path, key]), key);
    else if (isDeepStrictEqual(current[key], base[key])) {
      changes.push({ path: [...path, key], remove: true });
      delete value[key];
    } else conflicts.push(named([...path, key]));
  }
  let after: string | null = null;
  const added: [key: string, after: string | null][] = [];
  for (const key of Object.keys(next)) {
    if (key in value) after = key;
    else if (!(key in base)) {
      changes.push({ path, insert: next[key], key, after });
      added.push([key, after]);
      value[key] = next[key];
      after = key;
    } else if (!isDeepStrictEqual(base[key], next[key])) conflicts.push(named([...path, key]));
  }
  return { changes, value: placed(value, added), conflicts };

  function take(inner: ValueMerge, key: string): void {
    changes.push(...inner.changes);
    conflicts.push(...inner.conflicts);
    value[key] = inner.value;
  }
}

/** The same entries, the new ones behind those they stand behind in the generated file. */
function placed(
  value: Record<string, unknown>,
  added: readonly [key: string, after: string | null][],
): Record<string, unknown> {
  const keys = Object.keys(value).filter((key) => !added.some(([name]) => name === key));
  for (const [key, after] of added) keys.splice(after === null ? 0 : keys.indexOf(after) + 1, 0, key);
  return Object.fromEntries(keys.map((key) => [key, value[key]]));
}

function mergeLists({ base, current, next }: Record<keyof Sides, unknown[]>, path: Path): ValueMerge {
  const identity = identityOf([base, current, next]);
  if (!identity) return mergeSequences({ base, current, next }, path);
  const byId = (list: unknown[]) => new Map(list.map((item) => [identity(item), item]));
  const old = byId(base);
  const wanted = byId(next);
  const changes: Change[] = [];
  const conflicts: string[] = [];
  const value: unknown[] = [];
  for (const [index, item] of current.entries()) {
    const id = identity(item);
    const at = [...path, index];
    if (wanted.has(id)) {
      const inner = mergeValues({ base: old.get(id) ?? {}, current: item, next: wanted.get(id) }, at);
      changes.push(...inner.changes);
      conflicts.push(...inner.conflicts);
      value.push(inner.value);
    } else if (old.has(id) && isDeepStrictEqual(item, old.get(id))) changes.push({ path: at, remove: true });
    else {
      if (old.has(id)) conflicts.push(named([...path, id]));
      value.push(item);
    }
  }
  const present = new Set(current.map(identity));
  let after: string | null = null;
  for (const item of next) {
    const id = identity(item);
    if (!present.has(id) && old.has(id)) {
      // The user took it away; that it changed meanwhile is told.
      if (!isDeepStrictEqual(old.get(id), item)) conflicts.push(named([...path, id]));
      continue;
    }
    if (!present.has(id)) {
      const position = after === null ? 0 : value.findIndex((entry) => identity(entry) === after) + 1;
      value.splice(position, 0, item);
      changes.push({ path, insert: item, key: position, after: position - 1 });
    }
    after = id;
  }
  return { changes, value, conflicts };
}

/** Lists whose entries nothing names: merged like lines, as a whole. */
function mergeSequences({ base, current, next }: Record<keyof Sides, unknown[]>, path: Path): ValueMerge {
  const text = (list: unknown[]) => list.map((item) => JSON.stringify(item));
  const { lines, conflicts } = weave({ base: text(base), current: text(current), next: text(next) });
  if (conflicts.length > 0) return { changes: [], value: current, conflicts: [named(path)] };
  const value = lines.map((item) => JSON.parse(item) as unknown);
  return { changes: [{ path, set: value }], value, conflicts: [] };
}

/** What names the entries of all these lists, if each entry is named and no two are named alike; steps have a name or an action. */
function identityOf(lists: readonly unknown[][]): ((item: unknown) => string) | undefined {
  const byKey = IDENTITIES.map((key) => (item: unknown) => nameBy(item, key));
  const byFirst = (item: unknown) => IDENTITIES.map((key) => nameBy(item, key)).find((name) => name !== undefined);
  const found = [...byKey, byFirst].find((name) =>
    lists.every((list) => {
      const names = list.map(name);
      return !names.includes(undefined) && new Set(names).size === names.length;
    }),
  );
  return found && ((item) => found(item) ?? "");
}

function nameBy(item: unknown, key: string): string | undefined {
  return isRecord(item) && item[key] !== undefined ? nameText(item, key) : undefined;
}

/** An action without its version: a new pin is the same step. */
function nameText(item: Record<string, unknown>, key: string): string {
  const text = typeof item[key] === "object" ? JSON.stringify(item[key]) : String(item[key]);
  return key === "uses" ? text.replace(/@.*$/, "") : text;
}

function unchanged(value: unknown): ValueMerge {
  return { changes: [], value, conflicts: [] };
}

function named(path: readonly (string | number)[]): string {
  return path.length === 0 ? "the whole file" : path.join(".");
}
