import { shellCommands } from "../../../command-line.ts";

/** A program that restarts another one when files change: what it runs without that. */
interface Equivalent {
  argv: readonly string[];
  /** Whether it was for development. */
  changed: boolean;
}

type Rule = (args: readonly string[]) => readonly string[] | undefined;

const NODEMON_VALUED = new Set("-w --watch -e --ext -i --ignore -d --delay -s --signal --config --cwd -I".split(" "));
const NODEMON_PLAIN =
  /^(?:-V|--verbose|-q|--quiet|-L|--legacy-watch|-C|--on-change-only|--spawn|--no-\w+|--inspect\S*|-N|--(?:watch|ext|ignore|delay|signal|config|polling-interval)=.*)$/;
const RESPAWN_VALUED = new Set("--ignore-watch --watch --interval --deps-level --notify".split(" "));
const RESPAWN_PLAIN =
  /^(?:--respawn|--exit-child|--poll|--clear|--cls|--rs|--quiet|--deps|--all-deps|--inspect\S*|--notify=.*|--ignore-watch=.*|--watch=.*|--interval=.*|--debounce=?.*|--pretty|--tree-kill)$/;
const WATCHED =
  /^(?:--watch(?:-path|-preserve-output)?(?:=.*)?|--hot|--inspect\S*|--no-clear-screen|--clear-screen=.*)$/;
const TYPESCRIPT = /\.[cm]?tsx?$/;
const CODE = /\.[cm]?[jt]sx?$/;

const RULES: Readonly<Record<string, Rule>> = {
  nodemon(args) {
    const at = args.findIndex((word) => /^(?:-x|--exec)(?:=|$)/.test(word));
    const exec = at === -1 ? undefined : ((args[at] as string).split(/=(.*)/s)[1] ?? args[at + 1]);
    const others =
      at === -1 ? args : [...args.slice(0, at), ...args.slice((args[at] as string).includes("=") ? at + 1 : at + 2)];
    const rest = without(others, NODEMON_VALUED, NODEMON_PLAIN);
    if (exec !== undefined) return equivalentOf([...(shellCommands(exec).at(-1)?.argv ?? []), ...rest]).argv;
    if (rest.length === 0) return undefined;
    return [rest.some((word) => TYPESCRIPT.test(word)) ? "ts-node" : "node", ...rest];
  },
  "ts-node-dev": respawn,
  tsnd: respawn,
  "node-dev": (args) => ["node", ...without(args, RESPAWN_VALUED, RESPAWN_PLAIN)],
  supervisor: (args) => ["node", ...without(args, new Set(["-w", "-i", "-e", "-x", "-n"]), /^-/)],
  tsx: (args) => [
    "tsx",
    ...without(args[0] === "watch" ? args.slice(1) : args, new Set(["--include", "--exclude", "--ignore"]), WATCHED),
  ],
  "egg-scripts": (args) => ["egg-scripts", ...args.filter((word) => word !== "--daemon")],
  node: watched("node"),
  bun: watched("bun"),
  deno: watched("deno"),
  forever(args) {
    const rest = without(args[0] === "start" ? args.slice(1) : args, new Set(["-l", "-o", "-e", "--uid", "-m"]), /^-/);
    return rest[0] && CODE.test(rest[0]) ? ["node", ...rest] : undefined;
  },
  pm2(args) {
    const [verb, ...rest] = args;
    if (verb !== "start") return undefined;
    const valued = new Set(
      "-i --instances -n --name -e --error -o --output --env --watch-delay --max-memory-restart --interpreter -l --log".split(
        " ",
      ),
    );
    const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
    const [file] = without(own, valued, /^-/);
    const words = [...(file ? [file] : []), ...rest.slice(own.length + 1)];
    if (words[0] && CODE.test(words[0]) && !/ecosystem|config\.[cm]?js$/.test(words[0])) return ["node", ...words];
    // Several programs: the form of PM2 that stays in the foreground.
    return words[0] && /ecosystem|config\.[cm]?js$|\.json$/.test(words[0]) ? ["pm2-runtime", ...args] : undefined;
  },
};

/** The same command as production runs it, where that is certain. */
export function equivalentOf(argv: readonly string[]): Equivalent {
  const [program = "", ...args] = argv;
  const rule = Object.hasOwn(RULES, program) ? RULES[program] : undefined;
  const found = rule?.(args);
  return found === undefined || found.length < 2 || same(found, argv)
    ? { argv, changed: false }
    : { argv: found, changed: true };
}

function respawn(args: readonly string[]): readonly string[] {
  return ["ts-node", ...without(args, RESPAWN_VALUED, RESPAWN_PLAIN).filter((word) => word !== "--")];
}

function watched(program: string): Rule {
  return (args) => {
    const file = args.findIndex((word) => CODE.test(word));
    const own = file === -1 ? args.length : file;
    return [program, ...args.slice(0, own).filter((word) => !WATCHED.test(word)), ...args.slice(own)];
  };
}

function without(args: readonly string[], valued: ReadonlySet<string>, plain: RegExp): string[] {
  const words: string[] = [];
  let file = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] as string;
    // What stands behind the file belongs to the program.
    if (!file && valued.has(word)) at += 1;
    else if (file || !plain.test(word)) words.push(word);
    file ||= CODE.test(word);
  }
  return words;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
