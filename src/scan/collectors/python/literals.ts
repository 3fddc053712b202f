import { places } from "../../../formats/text.ts";
import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";

interface Literal {
  text: string;
  at: Evidence;
}

const MOST_STEPS = 4;
const ENVIRONMENT = /\benviron\b|\bgetenv\b|\b(?:env|config|Env)(?:\.\w+)?\s*\(/;

/**
 * What an expression comes to where that can be read: a number or a text, the default beside an environment variable, a constant of the
 * file, a field of a settings class, the default of a command line's option.
 */
export function literal(view: View, file: string, expression: string, offset: number, steps = 0): Literal | undefined {
  const text = view.snapshot.text(file) ?? "";
  const at = () => view.seen(file, places(text)(offset), "literal");
  const bare = unwrap(expression);
  const plain = /^(\d+)$|^[frbu]*(["'])([^"'{}]*)\2$/.exec(bare);
  if (plain) return { text: plain[1] ?? plain[3] ?? "", at: at() };
  if (ENVIRONMENT.test(bare)) {
    const fallback =
      /(?:,|\bor\b)\s*(?:default\s*=\s*)?(?:(?:int|str)\()?\s*(?:["']([^"']*)["']|(\d+)|(\w+))[\s)]*(?:,\s*cast\s*=\s*\w+[\s)]*)?$/.exec(
        bare,
      );
    if (!fallback) return undefined;
    if (fallback[3] !== undefined && /[A-Za-z_]/.test(fallback[3])) return named(view, file, fallback[3], steps);
    return { text: fallback[1] ?? fallback[2] ?? fallback[3] ?? "", at: at() };
  }
  const or = /^[\s\S]*\bor\s+(["']?)(\w[\w.]*)\1$/.exec(bare);
  if (or && /^\d+$|^["']/.test((or[1] ?? "") + or[2])) return { text: or[2] as string, at: at() };
  const name = /^(?:[\w.]+\.)?(\w+)$|\[["'](\w+)["']\]$/.exec(bare);
  if (!name || steps >= MOST_STEPS) return undefined;
  return bare.includes(".") || bare.includes("[")
    ? field(view, name[1] ?? (name[2] as string), steps)
    : named(view, file, bare, steps);
}

/** `int(…)`, `str(…)` and brackets around an expression say nothing of its value. */
function unwrap(expression: string): string {
  const inside = /^(?:int|str)?\s*\(([\s\S]*)\)$/.exec(expression.trim())?.[1];
  return inside === undefined || /^[^(]*\)/.test(inside) ? expression.trim() : unwrap(inside);
}

/** A constant: of the file, else the only one of that name in the application. */
function named(view: View, file: string, name: string, steps: number): Literal | undefined {
  const own = assigned(view, file, new RegExp(`^[ \\t]*${name}[ \\t]*(?::[^=\\n]+)?=[ \\t]*(?!=)`, "m"), steps);
  const here = own ?? option(view, file, name, steps);
  if (here || !/^[A-Z_\d]+$|^port$/.test(name)) return here;
  // A parameter takes what the command line of the program has for it.
  return name === "port" ? only(view, (other) => flag(view, other, name, steps)) : field(view, name, steps);
}

/** A field of settings: `port: int = 8080`, `PORT = 8080`; undefined where two files say different things. */
function field(view: View, name: string, steps: number): Literal | undefined {
  const shape = new RegExp(`^[ \\t]*(?:${name}|${name.toUpperCase()})[ \\t]*(?::[^=\\n]+)?=[ \\t]*(?!=)`, "m");
  return only(view, (file) =>
    new RegExp(name, "i").test(view.snapshot.text(file) ?? "")
      ? (assigned(view, file, shape, steps) ?? option(view, file, name, steps))
      : undefined,
  );
}

/** What all files say that say something; undefined where two say different things. */
function only(view: View, find: (file: string) => Literal | undefined): Literal | undefined {
  const found = view.sources.filter((file) => extensionOf(file) === "py").flatMap((file) => find(file) ?? []);
  return new Set(found.map(({ text }) => text)).size === 1 ? found[0] : undefined;
}

function assigned(view: View, file: string, shape: RegExp, steps: number): Literal | undefined {
  const code = view.snapshot.code(file)?.code ?? "";
  const match = shape.exec(code);
  if (!match) return undefined;
  const start = match.index + match[0].length;
  const line = /^[^\n]*(?:\([^)\n]*\n[^)]*\)+)?/.exec(code.slice(start))?.[0].trim().replace(/,$/, "") ?? "";
  const value = /^(?:Field|field)\(\s*(?:default\s*=\s*)?([^,)]+)/.exec(line)?.[1] ?? line;
  return literal(view, file, value, start, steps + 1);
}

const VALUE = "((?:[\\w.]+\\([^()]*\\)|[^,()\\n])+)";

/** `add_argument("--port", default=8000)`, `@click.option("--port", default=8000)`, `define("port", default=8000)` of Tornado. */
function flag(view: View, file: string, name: string, steps: number): Literal | undefined {
  const text = view.snapshot.text(file) ?? "";
  if (!text.includes(`--${name}`) && !text.includes("define(")) return undefined;
  return defaultIn(view, file, steps, [
    `(?:add_argument|option)\\([^()]*["']--${name}["'][^()]*?\\bdefault[ \\t]*=[ \\t]*${VALUE}`,
    `\\bdefine\\(\\s*["']${name}["'][^()]*?\\bdefault[ \\t]*=[ \\t]*${VALUE}`,
  ]);
}

/** An option of the command line, or `def main(port: int = 8000)`. */
function option(view: View, file: string, name: string, steps: number): Literal | undefined {
  const parameter = `\\bdef[ \\t]+\\w+\\((?:[^()]|\\([^()]*\\))*?\\b${name}[ \\t]*(?::[^=,()]+)?=[ \\t]*(?:typer\\.Option\\([ \\t]*)?${VALUE}`;
  return flag(view, file, name, steps) ?? defaultIn(view, file, steps, [parameter]);
}

function defaultIn(view: View, file: string, steps: number, shapes: readonly string[]): Literal | undefined {
  const code = view.snapshot.code(file)?.code ?? "";
  const match = shapes.map((shape) => new RegExp(shape).exec(code)).find((found) => found !== null);
  if (!match?.[1]) return undefined;
  return literal(view, file, match[1], match.index + match[0].length - match[1].length, steps + 1);
}
