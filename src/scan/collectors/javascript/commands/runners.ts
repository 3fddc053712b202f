const SEQUENTIAL = new Set(["run-s", "npm-run-all", "npm-run-all2", "run-z"]);
const PARALLEL = new Set(["run-p", "run-pty"]);
const CONCURRENT = new Set(["concurrently", "conc"]);
const PARALLEL_FLAGS = new Set(["-p", "--parallel", "-lp", "-pl"]);
const SEQUENTIAL_FLAGS = new Set(["-s", "--sequential", "--serial"]);
const CONCURRENT_VALUED = new Set(
  "-n --names -c --prefix-colors -p --prefix -l --prefix-length --restart-tries --restart-after -s --success --name-separator".split(
    " ",
  ),
);

/** Names of the scripts that a command runs one after the other; undefined for other commands. */
export function sequenceOf(argv: readonly string[], scripts: ReadonlyMap<string, string>): string[] | undefined {
  const [program = "", ...args] = argv;
  if (!SEQUENTIAL.has(program) || args.some((word) => PARALLEL_FLAGS.has(word))) return undefined;
  return named(args, scripts);
}

/** Lines that a command runs side by side; undefined for other commands. */
export function parallelLines(argv: readonly string[], scripts: ReadonlyMap<string, string>): string[] | undefined {
  const [program = "", ...args] = argv;
  if (CONCURRENT.has(program)) return withoutFlags(args).flatMap((word) => lineOf(word, scripts));
  const mixed = SEQUENTIAL.has(program) && args.some((word) => PARALLEL_FLAGS.has(word));
  if (!PARALLEL.has(program) && !mixed) return undefined;
  return named(args, scripts).map((name) => scripts.get(name) ?? "");
}

/** `npm:start`, `npm:start-*` and plain command lines, as `concurrently` takes them. */
function lineOf(word: string, scripts: ReadonlyMap<string, string>): string[] {
  const pattern = /^(?:npm|yarn|pnpm|bun|node):(\S+)$/.exec(word)?.[1];
  // `{@}` and `{1}` stand for arguments of the whole command.
  if (pattern === undefined) return [word.replace(/\s*\{(?:@|\*|\d+)\}/g, "")];
  return matching(pattern, scripts).map((name) => scripts.get(name) ?? "");
}

function named(args: readonly string[], scripts: ReadonlyMap<string, string>): string[] {
  const words = args.filter(
    (word) => !PARALLEL_FLAGS.has(word) && !SEQUENTIAL_FLAGS.has(word) && !word.startsWith("-"),
  );
  // A name with arguments is one word: "build -- --prod".
  return words.flatMap((word) => matching(word.split(/\s/, 1)[0] ?? "", scripts));
}

function matching(pattern: string, scripts: ReadonlyMap<string, string>): string[] {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${source.join("[^:]*")}$`);
  return [...scripts.keys()].filter((name) => expression.test(name));
}

function withoutFlags(args: readonly string[]): string[] {
  const words: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] as string;
    if (CONCURRENT_VALUED.has(word)) at += 1;
    else if (!word.startsWith("-")) words.push(word);
  }
  return words;
}
