import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, type Habit, insideBrackets, judge, LITERAL, type Reader } from "../read.ts";

const VAR = /(?<![\w])(?:std::)?(?:env::)?(var|var_os)\(\s*"(\w+)"\s*\)|\bdotenvy?::var\(\s*"(\w+)"\s*\)/g;
const MACRO = /(?<![\w])(option_env|env|dotenv)!\(\s*"(\w+)"/g;
const HABITS: readonly Habit[] = [
  {
    after: new RegExp(
      String.raw`^\s*(?:\.ok\(\)|\.as_deref\(\)|\.map\([^)]*\)|\.filter\([^)]*\))*\s*\.(?:unwrap_or|unwrap_or_else|map_or)\(\s*(?:\|[^|]*\|\s*)?\{?\s*(?:String::from\(|Ok\()?\s*(?<value>${LITERAL})`,
    ),
    need: "soft",
  },
  { after: /^\s*\.(?:ok|is_ok|is_err|unwrap_or\w*|map_or\w*|or_else|or)\b/, need: "soft" },
  {
    before:
      /\bif\s+let\s+(?:Ok|Some)\([^)]*\)\s*=\s*(?:std::)?(?:env::)?$|\blet\s+Ok\([^)]*\)\s*=\s*(?:std::)?(?:env::)?$|\bmatch\s+(?:std::)?(?:env::)?$/,
    need: "soft",
  },
];

/** `env::var` and the macros that read while compiling. */
export const readRust: Reader = (code) => {
  const found: Found[] = [];
  if (/\benv\b|\bdotenv/.test(code))
    for (const match of matchesIn(code, VAR)) {
      const judged = judge(code, match.index, match.index + match[0].length, HABITS, "must");
      const name = match[2] ?? match[3] ?? "";
      // What Cargo hands to build scripts.
      if (judged && !/^(?:OUT_DIR|TARGET|HOST|PROFILE|DOCS_RS)$|^CARGO/.test(name))
        found.push({ name, at: match.index, rule: "env-var", ...judged });
    }
  for (const match of matchesIn(code, MACRO)) {
    const [, macro, name = ""] = match;
    if (/^(?:CARGO|OUT_DIR|TARGET$|RUSTC)/.test(name)) continue;
    found.push({ name, at: match.index, rule: "env-macro", need: macro === "env" ? "must" : "soft", phase: "build" });
  }
  return found;
};

const LONGEST_ATTRIBUTE = 600;
const CLAP = /#\[(?:arg|clap|structopt)\s*\(/g;

/** `#[arg(env = "X", default_value = "d")]` and `#[arg(env)]` of clap. */
export const readClap: Reader = (code) =>
  [...matchesIn(code, CLAP)].flatMap((match): Found[] => {
    const open = match.index + match[0].length - 1;
    const options = insideBrackets(code, open, LONGEST_ATTRIBUTE);
    const explicit = /\benv\s*=\s*"(\w+)"/.exec(options)?.[1];
    const rest = code.slice(open + options.length + 2, open + options.length + 300);
    const [, field = "", type = ""] =
      /^\s*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:\s*([^,\n]+)/.exec(rest) ?? [];
    const name = explicit ?? (/(?:^|,)\s*env\s*(?:,|$)/.test(options) ? field.toUpperCase() : "");
    if (name === "") return [];
    const value = new RegExp(String.raw`\bdefault_value(?:_t)?\s*=\s*(${LITERAL})`).exec(options)?.[1];
    const isOptional = /^(?:Option|Vec|bool\b)/.test(type) || /\bdefault_value/.test(options);
    return [{ name, at: match.index, rule: "command-option", need: isOptional ? "soft" : "must", ...defaultOf(value) }];
  });

const ENVY = /\benvy::(?:prefixed\(\s*"(\w+)"\s*\)\.)?from_env(?:::<(\w+)>)?\(/g;

/** Structs that envy fills: their fields in capitals. */
export const readEnvy: Reader = (code) =>
  [...matchesIn(code, ENVY)].flatMap((match): Found[] => {
    const [, prefix = "", named] = match;
    const type =
      named ??
      /:\s*(?:Result<)?(\w+)[^=;]*=\s*[^;]*$/.exec(code.slice(Math.max(0, match.index - 120), match.index))?.[1];
    const struct = type === undefined ? null : new RegExp(String.raw`\bstruct\s+${type}\s*\{`).exec(code);
    if (!struct) return [];
    const from = struct.index + struct[0].length;
    const body = insideBrackets(code, from - 1);
    return [
      ...body.matchAll(/((?:#\[[^\]]*\]\s*)*)(?:pub(?:\([^)]*\))?\s+)?\b([a-z]\w*)\s*:\s*([\w<>:, ]+?)\s*(?:,|$)/g),
    ].map((field): Found => {
      const [all, attributes = "", name = "", kind = ""] = field;
      const isOptional = /^Option\b/.test(kind) || /\bdefault\b/.test(attributes);
      return {
        name: `${prefix}${name}`.toUpperCase(),
        at: from + field.index + all.length - 1,
        rule: "envy",
        need: isOptional ? "soft" : "must",
      };
    });
  });
