import type { View } from "../../collector.ts";
import { searchCode } from "../../search.ts";
import type { Registered } from "./route.ts";

/** One file, as an extractor of routes sees it. */
export interface Site {
  view: View;
  file: string;
  /** Without comments. */
  code: string;
  /** Without the insides of strings too; the same offsets. */
  bare: string;
  /** The text that a constant of the unit holds. */
  constant(name: string): string | undefined;
}

/** Reads what a file of its languages registers, and adds it. */
export interface Extractor {
  extensions: readonly string[];
  /** Whether a file has any of it: a quick look at its words. */
  looksLike: RegExp;
  extract(site: Site, into: Registered): void;
}

const MOST_NAMES = 20;

/** Looks constants up in the code of the unit; each once. */
export function constantsOf(view: View): (name: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (name) => {
    if (!known.has(name) && known.size < MOST_NAMES) known.set(name, constant(view, name));
    return known.get(name);
  };
}

function constant(view: View, name: string): string | undefined {
  const pattern = new RegExp(
    `\\b${name}\\b\\s*(?::\\s*[\\w.<>\\[\\]"&]+)?\\s*(?::=|=|:)\\s*[frbu]?(["'\`])([^"'\`\\n$]*)\\1`,
    "g",
  );
  const values = new Set(searchCode(view, pattern).map(({ match }) => match[2] ?? ""));
  return values.size === 1 ? [...values][0] : undefined;
}

const PART = /^[frbu@$]*(["'`])([\s\S]*)\1$/;

/**
 * The text an expression stands for: literals, constants, what is joined of both (`API + "/health"`, `${API}/health`,
 * `f"{settings.API}/health"`); undefined where a part is not written down.
 */
export function textOf(expression: string, constant: Site["constant"]): string | undefined {
  // Of `process.env.PREFIX ?? "api"` the fallback counts: it is what holds unless someone sets the variable.
  const fallback = /^[\w$.?!()["'\]\s]+(?:\|\||\?\?)\s*((["'`])[^"'`]*\2)$/.exec(expression.trim())?.[1];
  const words = (fallback ?? expression).trim().split(/\s*\+\s*(?=["'`\w])/);
  const parts = words.map((word) => partText(word.trim(), constant));
  return parts.includes(undefined) ? undefined : parts.join("");
}

function partText(word: string, constant: Site["constant"]): string | undefined {
  const [, quote, inner] = PART.exec(word) ?? [];
  if (inner === undefined) {
    const name = /^&?(?:[\w$]+(?:\.|::|\?\.))*([A-Za-z_]\w*)(?:\(\))?$/.exec(word)?.[1];
    return name === undefined ? undefined : constant(name);
  }
  if (quote !== undefined && inner.includes(quote)) return undefined;
  const open = /^\$?\{([^{}]+)\}|^\$\{?([\w.]+)\}?/;
  let text = "";
  for (let at = 0; at < inner.length; ) {
    const rest = inner.slice(at);
    const isOpen = (quote === "`" && rest.startsWith("${")) || (/^[f$]/.test(word) && rest.startsWith("{"));
    const [whole = "", name = ""] = isOpen ? (open.exec(rest) ?? []) : [];
    if (whole === "") {
      text += inner[at];
      at += 1;
      continue;
    }
    const value = partText(name.trim(), constant);
    if (value === undefined) return undefined;
    text += value;
    at += whole.length;
  }
  return text;
}
