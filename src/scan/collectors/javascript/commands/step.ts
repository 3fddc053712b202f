import { relative } from "node:path/posix";

/** One command that a script comes down to. */
export interface Step {
  env: readonly (readonly [name: string, value: string])[];
  argv: readonly string[];
  /** Folder it runs in, from the root of the repository. */
  folder: string;
  /** What joins it to the next one: `&&`, `;`, `|`, `&` for commands side by side, or nothing. */
  next: string;
}

const PLAIN = /^[\w@%+=:,./~^${}-]+$/;

/** A program named by its path among the installed ones. */
const INSTALLED =
  /^(?:\.{0,2}\/)*(?:[\w.-]+\/)*node_modules\/(?:\.bin|(?:@[\w.-]+\/)?[\w.-]+(?:\/[\w.-]+)*\/bin)\/([\w.-]+?)(?:\.[cm]?js)?$/;

/** `next` of `node_modules/.bin/next` and `node_modules/next/dist/bin/next`; undefined for other files. */
export function installedProgram(file: string): string | undefined {
  return INSTALLED.exec(file)?.[1];
}

/** The step as one types it in the folder `from`. */
export function commandText({ env, argv, folder }: Step, from: string): string {
  const words = [...env.map(([name, value]) => `${name}=${quoted(value)}`), ...argv.map(quoted)].join(" ");
  const way = relative(from === "." ? "" : from, folder === "." ? "" : folder);
  return way === "" ? words : `cd ${quoted(way)} && ${words}`;
}

/** A word as a shell takes it; variables stay variables. */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  return word.includes("$") || word.includes("'") ? `"${word.replace(/(["\\`])/g, "\\$1")}"` : `'${word}'`;
}

/** `A=b` as a pair; undefined for other words. */
export function assignment(word: string): readonly [string, string] | undefined {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
  return name === undefined || value === undefined ? undefined : [name, value];
}

/** Arguments behind the flags at their start. `valued` are flags whose value is the next word. */
export function afterFlags(args: readonly string[], valued: ReadonlySet<string>): readonly string[] {
  let at = 0;
  while (at < args.length && (args[at] as string).startsWith("-")) {
    if (args[at] === "--") return args.slice(at + 1);
    at += valued.has(args[at] as string) ? 2 : 1;
  }
  return args.slice(at);
}

/** The value behind a flag: `--dist-dir out`, `--outDir=out`. */
export function flagOf(argv: readonly string[], ...names: string[]): string | undefined {
  for (const [index, word] of argv.entries()) {
    const [flag = "", inline] = word.split(/=(.*)/s, 2);
    if (names.includes(flag)) return inline ?? argv[index + 1];
  }
  return undefined;
}
