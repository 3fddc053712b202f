/** A position in a text; both counted from 1. */
export interface Place {
  line: number;
  column: number;
}

export interface Problem extends Place {
  message: string;
}

/** Keys and indices from the root of a document to one of its values. */
export type Path = readonly (string | number)[];

/** A parsed file. One that cannot be read has `undefined` as its value and says why; reading never throws. */
export interface Document {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the key (of a list: the item) at this path stands; undefined where there is no such value. */
  place(path: Path): Place | undefined;
}

/** The value at a path of plain data; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) || Array.isArray(at) ? own(at, key) : undefined), value);
}

/** Whether a value of a document is a mapping. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mapping at a path, or an empty one. */
export function recordAt(value: unknown, path: Path = []): Record<string, unknown> {
  const found = valueAt(value, path);
  return isRecord(found) ? found : {};
}

/** The list at a path, or an empty one. */
export function listAt(value: unknown, path: Path = []): unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path: of a string that is not blank, or a number; undefined for anything else. */
export function stringAt(value: unknown, path: Path = []): string | undefined {
  const found = valueAt(value, path);
  if (typeof found === "number") return String(found);
  return typeof found === "string" && found.trim() !== "" ? found : undefined;
}

/** A file that could not be read. */
export function unreadable(problem: Problem): Document {
  return { value: undefined, problems: [problem], place: () => undefined };
}

function own(at: object, key: string | number): unknown {
  return Object.hasOwn(at, key) ? (at as Record<string | number, unknown>)[key] : undefined;
}
