import { lazy } from "../../../../core/lazy.ts";
import type { Place } from "../../../../formats/document.ts";
import type { Masked } from "../../../../formats/mask.ts";
import { places } from "../../../../formats/text.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { trimmed } from "./expression.ts";
import { type Property, propertiesIn, propertyAt } from "./properties.ts";

/** A value of a configuration that is written as code. Where it is no literal, `computed` are its words. */
export type Setting = { place: Place } & ({ value: string | number | boolean } | { computed: string });

/** A configuration that is code, read as text. */
export interface CodeConfig {
  file: string;
  masked: Masked;
  /** The value at a path of keys; labels as `node()` may be among them. */
  setting(...path: string[]): Setting | undefined;
  /** Whether the code without its comments contains this. */
  contains(pattern: RegExp): boolean;
}

const known = new WeakMap<Snapshot, Map<string, CodeConfig | undefined>>();

/** A configuration file; undefined where it is absent or no text. */
export function codeConfig(snapshot: Snapshot, file: string | undefined): CodeConfig | undefined {
  if (file === undefined) return undefined;
  const cache = known.get(snapshot) ?? new Map<string, CodeConfig | undefined>();
  known.set(snapshot, cache);
  if (!cache.has(file)) cache.set(file, read(snapshot, file));
  return cache.get(file);
}

/** The literal that is the value of a property; undefined for what has to be run. */
export function literalOf(
  masked: Masked,
  property: Pick<Property, "from" | "to">,
): string | number | boolean | undefined {
  const { from, to } = trimmed(masked, property);
  return literalText(masked.code.slice(from, to).replace(/\s+(?:as\s+const|satisfies\s+\w+)$/, ""));
}

function read(snapshot: Snapshot, file: string): CodeConfig | undefined {
  const masked = snapshot.code(file, "javascript");
  if (!masked) return undefined;
  const properties = lazy(() => propertiesIn(masked));
  const placeOf = lazy(() => places(masked.code));
  return {
    file,
    masked,
    contains: (pattern) => pattern.test(masked.code),
    setting(...path) {
      const property = propertyAt(properties(), path);
      if (!property) return undefined;
      const place = placeOf()(property.keyAt);
      const value = literalOf(masked, property) ?? constant(masked, property);
      if (value !== undefined) return { place, value };
      const { from, to } = trimmed(masked, property);
      return { place, computed: masked.code.slice(from, to) };
    },
  };
}

/** The literal of a variable of the same file that the property names. */
function constant(masked: Masked, property: Property): string | number | boolean | undefined {
  const { from, to } = trimmed(masked, property);
  const name = masked.code.slice(from, to);
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return undefined;
  const escaped = name.replaceAll("$", "\\$");
  const value = new RegExp(`\\bconst\\s+${escaped}\\s*(?::[^=]+)?=\\s*([^;\\n]+)`).exec(masked.code)?.[1];
  return value === undefined ? undefined : literalText(value.trim());
}

function literalText(text: string): string | number | boolean | undefined {
  if (text === "true" || text === "!0") return true;
  if (text === "false" || text === "!1") return false;
  if (/^\d[\d_]*$/.test(text)) return Number(text.replaceAll("_", ""));
  const quoted = /^(["'`])((?:(?!\1)[^\\\n])*)\1$/.exec(text);
  if (!quoted || (quoted[1] === "`" && text.includes("${"))) return undefined;
  return quoted[2];
}
