/** One way to write a string. */
export interface StringSyntax {
  open: string;
  close: string;
  /** A backslash takes the meaning of the next character. */
  escapes: boolean;
  /** It may go over several lines. */
  lines: boolean;
}

/** How a family of languages writes comments and strings; longest marks first. */
export interface Syntax {
  line: readonly string[];
  block: readonly (readonly [open: string, close: string])[];
  strings: readonly StringSyntax[];
}

const quoted = (mark: string, { escapes = true, lines = false } = {}) => ({ open: mark, close: mark, escapes, lines });
const C_STRINGS = [quoted('"'), quoted("'")];

export const FAMILIES = {
  // Pages of components have HTML around the script.
  javascript: {
    line: ["//"],
    block: [
      ["/*", "*/"],
      ["<!--", "-->"],
    ],
    strings: C_STRINGS,
  },
  c: { line: ["//"], block: [["/*", "*/"]], strings: [quoted('"""', { lines: true }), ...C_STRINGS] },
  go: { line: ["//"], block: [["/*", "*/"]], strings: [...C_STRINGS, quoted("`", { escapes: false, lines: true })] },
  // A lifetime is no string: 'a has no end.
  rust: { line: ["//"], block: [["/*", "*/"]], strings: [quoted('"', { lines: true })] },
  python: {
    line: ["#"],
    block: [],
    strings: [quoted('"""', { lines: true }), quoted("'''", { lines: true }), ...C_STRINGS],
  },
  ruby: { line: ["#"], block: [["\n=begin", "\n=end"]], strings: C_STRINGS },
  elixir: { line: ["#"], block: [], strings: [quoted('"""', { lines: true }), ...C_STRINGS] },
  php: {
    line: ["//", "#"],
    block: [["/*", "*/"]],
    strings: [quoted('"', { lines: true }), quoted("'", { lines: true })],
  },
  shell: {
    line: ["#"],
    block: [],
    strings: [quoted('"', { lines: true }), quoted("'", { escapes: false, lines: true })],
  },
  haskell: { line: ["--"], block: [["{-", "-}"]], strings: [quoted('"')] },
  lisp: { line: [";"], block: [["#|", "|#"]], strings: [quoted('"', { lines: true })] },
  lua: { line: ["--"], block: [["--[[", "]]"]], strings: C_STRINGS },
  ml: { line: [], block: [["(*", "*)"]], strings: [quoted('"', { lines: true })] },
  erlang: { line: ["%"], block: [], strings: [quoted('"', { lines: true })] },
  // Perl, R, Julia, Crystal, Nim.
  hash: { line: ["#"], block: [], strings: [quoted('"', { lines: true }), ...C_STRINGS.slice(1)] },
} as const satisfies Record<string, Syntax>;
export type Family = keyof typeof FAMILIES;

const EXTENSIONS: Record<Family, string> = {
  javascript: "js mjs cjs jsx ts mts cts tsx vue svelte astro",
  c: "java kt kts scala sbt sc groovy gradle cs fs c h cc cpp cxx hpp swift dart zig gleam d v bal odin",
  go: "go",
  rust: "rs",
  python: "py",
  ruby: "rb ru rake",
  elixir: "ex exs",
  php: "php",
  shell: "sh bash",
  haskell: "hs elm",
  lisp: "clj cljs cljc edn lisp scm rkt",
  lua: "lua",
  ml: "ml mli",
  erlang: "erl hrl",
  hash: "pl pm psgi r jl cr nim nimble",
};
const FAMILY_OF = new Map(
  Object.entries(EXTENSIONS).flatMap(([family, list]) => list.split(" ").map((ext) => [ext, family as Family])),
);

/** The family a file's extension (without the dot) belongs to. */
export function familyOf(extension: string): Family | undefined {
  return FAMILY_OF.get(extension);
}
