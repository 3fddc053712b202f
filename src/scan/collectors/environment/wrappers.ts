import { matchesIn } from "../../../formats/needed-words.ts";
import { defaultOf, type Found, LITERAL } from "./read.ts";

/** How a family of languages reads a variable whose name is in another one, and how it writes functions: name, parameters. */
interface Form {
  extensions: readonly string[];
  dynamic: RegExp;
  definition: RegExp;
}

const FORMS: readonly Form[] = [
  {
    extensions: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"],
    dynamic: /(?:process\.env|import\.meta\.env|Bun\.env)\[\s*(\w+)\s*\]|Deno\.env\.get\(\s*(\w+)\s*\)/g,
    definition:
      /(?:\bfunction\s+(\w+)\s*(?:<[^>]{0,200}>)?|\b(?:const|let)\s+(\w+)\s*(?::[^=]{1,200})?=\s*(?:async\s*)?(?:function\s*\w*)?\s*(?:<[^>]{0,200}>)?|^[ \t]*(?:(?:private|public|protected|static|async)\s+)*(\w+)\s*(?:<[^>]{0,200}>)?)\(([^)]{0,400})\)\s*(?::\s*[^{=;]{1,200})?(?:=>|\{)/gm,
  },
  {
    extensions: ["py"],
    dynamic: /\benviron(?:\[|\.get\()\s*(\w+)|\bgetenv\(\s*(\w+)/g,
    definition: /\bdef\s+(\w+)()()\(([^)]{0,400})\)/g,
  },
  {
    extensions: ["go"],
    dynamic: /\bos\.(?:Getenv|LookupEnv)\(\s*(\w+)\s*\)/g,
    definition: /\bfunc\s+(?:\([^)]*\)\s*)?(\w+)()()(?:\[[^\]]*\])?\(([^)]{0,400})\)/g,
  },
  {
    extensions: ["rs"],
    dynamic: /\benv::var(?:_os)?\(\s*&?(\w+)\s*\)/g,
    definition: /\bfn\s+(\w+)()()\s*(?:<[^>]{0,200}>)?\(([^)]{0,400})\)/g,
  },
  {
    extensions: ["java", "kt", "cs", "scala"],
    dynamic: /\bSystem\.getenv\(\s*(\w+)\s*\)|\bSystem\.getenv\(\)\[(\w+)\]|\bGetEnvironmentVariable\(\s*(\w+)\s*\)/g,
    definition:
      /(?:\bfun|\bdef|[\w>?\]])\s+(\w+)()()\s*\(([^()]{0,400})\)\s*(?:throws\s+[\w, ]+)?(?::\s*[\w?]+\s*)?(?:=>?|\{)/g,
  },
  {
    extensions: ["rb"],
    dynamic: /\bENV\[\s*(\w+)\s*\]|\bENV\.fetch\(\s*(\w+)/g,
    definition: /\bdef\s+(?:self\.)?(\w+)()()\s*\(([^)]{0,400})\)/g,
  },
  {
    extensions: ["php"],
    dynamic: /\bgetenv\(\s*\$(\w+)\s*\)|\$_ENV\[\s*\$(\w+)\s*\]/g,
    definition: /\bfunction\s+(\w+)()()\s*\(([^)]{0,400})\)/g,
  },
  {
    extensions: ["ex", "exs"],
    dynamic: /\bSystem\.(?:get_env|fetch_env!?)\(\s*(\w+)/g,
    definition: /\bdefp?\s+(\w+)()()\(([^)]{0,400})\)/g,
  },
];
const NEAR = 1_500;
const STOPS =
  /\b(?:throw|raise|panic\(|abort|exit\(|os\.Exit|Fatal\w*\(|die\(|error\(|expect\(|unwrap\(\)|MissingEnv|required)|\.fetch_env!/;
/** Words of languages, and names that many things have. */
const COMMON =
  /^(?:if|for|while|switch|catch|return|function|constructor|main|get|set|has|find|value|read|load|init|String|Number|run|map|filter|forEach|test|log)$/;

/** A function of the project that reads the variable it is told. */
export interface Wrapper {
  name: string;
  extensions: readonly string[];
  /** Whether it stops where there is none. */
  stops: boolean;
}

/** The functions of a file that read variables for others. */
export function wrappersIn(code: string, extension: string): Wrapper[] {
  const form = FORMS.find(({ extensions }) => extensions.includes(extension));
  const reads = form ? [...matchesIn(code, form.dynamic)] : [];
  if (!form || reads.length === 0) return [];
  const functions = [...matchesIn(code, form.definition)].map((match) => ({
    at: match.index,
    end: match.index + match[0].length,
    name: match[1] || match[2] || match[3] || "",
    parameters: match[4] ?? "",
  }));
  return reads.flatMap((read): Wrapper[] => {
    const variable = read.slice(1).find((group) => group !== undefined) ?? "";
    const owner = functions.findLast(({ at }) => at < read.index && read.index - at < NEAR);
    const first = owner?.parameters.split(",")[0] ?? "";
    if (!owner || COMMON.test(owner.name) || !new RegExp(String.raw`\b${variable}\b`).test(first)) return [];
    const next = functions.find(({ at }) => at > read.index)?.at ?? code.length;
    const body = code.slice(owner.end, Math.min(next, owner.end + NEAR));
    return [{ name: owner.name, extensions: form.extensions, stops: STOPS.test(body) }];
  });
}

/** The variables that calls of those functions name. */
export function readWrapped(code: string, extension: string, wrappers: readonly Wrapper[]): Found[] {
  const known = new Map(
    wrappers.filter(({ extensions }) => extensions.includes(extension)).map((one) => [one.name, one]),
  );
  return [...known.values()].flatMap(({ name: wrapper, stops }) => {
    if (!code.includes(wrapper)) return [];
    const call = new RegExp(
      String.raw`(?<![\w])${wrapper}\s*(?:<[^>()]*>)?\(\s*(["'\x60])([A-Z][A-Z0-9_]+)\1\s*(?:,\s*(${LITERAL}|[^,)\s][^,)]*))?`,
      "g",
    );
    return [...code.matchAll(call)].map((match): Found => {
      const [, , name = "", second] = match;
      const need = second !== undefined ? "soft" : stops ? "must" : "plain";
      return { name, at: match.index, rule: "wrapper", need, ...defaultOf(second) };
    });
  });
}
