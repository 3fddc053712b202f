import type { Edit } from "../../finding.ts";
import type { ShellStep, ShellWord } from "../../shell.ts";

/** How a command installs the dependencies of a project. */
export interface Install {
  /** What to write instead, where it may leave the lock file. */
  loose?: string;
  /** Whether it only needs the manifests, so that it can stand before the sources. */
  cacheable: boolean;
  lockfiles: readonly string[];
  fix?: { description: string; edits: Edit[] };
}

interface Setting {
  /** Variables that are set where it runs. */
  env: Readonly<Record<string, string>>;
  /** What was run before it in the stage: settings of the tools. */
  script(): string;
  /** Whether the lock file is of yarn 2 or later. */
  berry(): boolean;
  /** Whether the context has a file of this name somewhere. */
  has(name: string): boolean;
}

const truthy = (value: string | undefined) => value !== undefined && !/^(?:0|false|no|off|)$/i.test(value);
const has = (argv: readonly string[], pattern: RegExp) => argv.some((word) => pattern.test(word));
/** Arguments that are no options: packages that are named. */
const named = (argv: readonly string[]) => argv.slice(2).filter((word) => !word.startsWith("-") && !/^\$/.test(word));

type Reader = (step: ShellStep, setting: Setting) => Install | undefined;

const npm: Reader = ({ argv, words }) => {
  const verb = argv[1] ?? "";
  const lockfiles = ["package-lock.json", "npm-shrinkwrap.json"];
  if (["ci", "clean-install", "install-clean"].includes(verb)) return { cacheable: true, lockfiles };
  if (!["install", "i", "add", "in"].includes(verb) || isGlobal(argv) || named(valueless(argv)).length > 0)
    return undefined;
  const unlocked = has(argv, /^--(?:no-package-lock|package-lock=false)$/);
  return {
    loose: "use npm ci",
    cacheable: true,
    lockfiles,
    ...(unlocked ? {} : replace(words[1], "ci", "write npm ci")),
  };
};

const yarn: Reader = ({ argv, words }, { env, berry }) => {
  const verb = argv.find((word, index) => index > 0 && !word.startsWith("-") && argv[index - 1] !== "--cwd");
  if ((verb !== undefined && verb !== "install") || has(argv, /^-(?:v|-version|-help)$/)) return undefined;
  const lockfiles = ["yarn.lock"];
  const strict =
    has(argv, /^--(?:frozen-lockfile|immutable|pure-lockfile|immutable-cache|focus)$/) ||
    truthy(env.YARN_ENABLE_IMMUTABLE_INSTALLS) ||
    (truthy(env.CI) && berry());
  if (strict) return { cacheable: true, lockfiles };
  const flag = berry() ? "--immutable" : "--frozen-lockfile";
  return { loose: `add ${flag}`, cacheable: true, lockfiles, ...append(words, flag) };
};

const pnpm: Reader = ({ argv, words }, { env }) => {
  const verb = argv.find((word, index) => index > 0 && !word.startsWith("-")) ?? "";
  if (verb === "fetch") return { cacheable: true, lockfiles: ["pnpm-lock.yaml"] };
  if (!["install", "i"].includes(verb) || isGlobal(argv)) return undefined;
  const lockfiles = ["pnpm-lock.yaml"];
  // It is strict by itself where CI is set.
  if (
    has(argv, /^--(?:frozen-lockfile(?:=true)?|offline)$/) ||
    (truthy(env.CI) && !has(argv, /no-frozen|frozen-lockfile=false/))
  )
    return { cacheable: true, lockfiles };
  const forced = has(argv, /no-frozen-lockfile|frozen-lockfile=false|--force|--fix-lockfile/);
  return {
    loose: "add --frozen-lockfile",
    cacheable: true,
    lockfiles,
    ...(forced ? {} : append(words, "--frozen-lockfile")),
  };
};

const bun: Reader = ({ argv, words }) => {
  const verb = argv[1] ?? "";
  const lockfiles = ["bun.lock", "bun.lockb"];
  if (verb === "ci") return { cacheable: true, lockfiles };
  if (!["install", "i"].includes(verb) || isGlobal(argv) || named(argv).length > 0) return undefined;
  if (has(argv, /^--frozen-lockfile$/)) return { cacheable: true, lockfiles };
  return { loose: "add --frozen-lockfile", cacheable: true, lockfiles, ...append(words, "--frozen-lockfile") };
};

const uv: Reader = ({ argv, words }, { env }) => {
  if (argv[1] !== "sync") return undefined;
  const lockfiles = ["uv.lock"];
  if (has(argv, /^--(?:locked|frozen)$/) || truthy(env.UV_LOCKED) || truthy(env.UV_FROZEN))
    return { cacheable: false, lockfiles };
  return { loose: "add --locked", cacheable: false, lockfiles, ...append(words, "--locked") };
};

const pipenv: Reader = ({ argv }) => {
  if (argv[1] === "sync") return { cacheable: true, lockfiles: ["Pipfile.lock"] };
  if (argv[1] !== "install" || named(argv).length > 0) return undefined;
  if (has(argv, /^--(?:deploy|ignore-pipfile)$/)) return { cacheable: true, lockfiles: ["Pipfile.lock"] };
  return { loose: "add --deploy", cacheable: true, lockfiles: ["Pipfile.lock"] };
};

const poetry: Reader = ({ argv }) => {
  if (argv[1] === "update" || argv[1] === "lock")
    return { loose: "run poetry install with the committed lock file", cacheable: true, lockfiles: ["poetry.lock"] };
  return undefined;
};

const bundle: Reader = ({ argv }, { env, script }) => {
  if (argv[1] === "update")
    return { loose: "run bundle install with the committed lock file", cacheable: true, lockfiles: ["Gemfile.lock"] };
  if (argv[1] !== undefined && argv[1] !== "install" && !argv[1].startsWith("-")) return undefined;
  const lockfiles = ["Gemfile.lock"];
  const strict =
    has(argv, /^--(?:frozen|deployment)$/) ||
    truthy(env.BUNDLE_FROZEN) ||
    truthy(env.BUNDLE_DEPLOYMENT) ||
    /bundle config\b[^&;|\n]*\b(?:frozen|deployment)\b/.test(script()) ||
    /BUNDLE_(?:FROZEN|DEPLOYMENT)["']?\s*[:=]\s*["']?(?:true|1)/.test(script());
  return strict
    ? { cacheable: true, lockfiles }
    : {
        loose: "run bundle config set --global frozen true before it, or set BUNDLE_DEPLOYMENT=1",
        cacheable: true,
        lockfiles,
      };
};

const go: Reader = ({ argv }) => {
  const lockfiles = ["go.sum"];
  if (argv[1] === "mod" && argv[2] === "download") return { cacheable: true, lockfiles };
  if (argv[1] === "get" && has(argv, /^-u|^\.\/\.\.\.$|^\.$/))
    return { loose: "run go mod download && go mod verify", cacheable: true, lockfiles };
  if (argv[1] === "mod" && argv[2] === "tidy")
    return { loose: "run go mod download && go mod verify", cacheable: true, lockfiles };
  return undefined;
};

const cargo: Reader = ({ argv, words }, { has: holds }) => {
  const verb = argv.find((word, index) => index > 0 && !/^[-+]/.test(word)) ?? "";
  const lockfiles = ["Cargo.lock"];
  const own = ["build", "b", "rustc"].includes(verb) || (verb === "install" && has(argv, /^--path(?:=|$)/));
  if (!own || has(argv, /^--(?:locked|frozen)$/) || !holds("Cargo.lock")) return undefined;
  const at = words.find(({ text }) => text === verb);
  return {
    loose: "add --locked",
    cacheable: false,
    lockfiles,
    ...(at ? append([at], "--locked") : {}),
  };
};

const deno: Reader = ({ argv, words }, { has: holds }) => {
  const verb = argv[1] ?? "";
  const lockfiles = ["deno.lock"];
  if (!["install", "i", "cache"].includes(verb) || isGlobal(argv) || !holds("deno.lock")) return undefined;
  if (has(argv, /^--frozen(?:=true)?$/)) return { cacheable: verb !== "cache", lockfiles };
  const at = words[1];
  return { loose: "add --frozen", cacheable: verb !== "cache", lockfiles, ...(at ? append([at], "--frozen") : {}) };
};

/** NuGet has a lock file only where a project asks for one. */
const dotnet: Reader = ({ argv, words }, { has: holds }) => {
  const lockfiles = ["packages.lock.json"];
  if (argv[1] !== "restore") return undefined;
  if (has(argv, /^--locked-mode$/) || !holds("packages.lock.json")) return { cacheable: true, lockfiles };
  return { loose: "add --locked-mode", cacheable: true, lockfiles, ...append(words, "--locked-mode") };
};

const composer: Reader = ({ argv }) => {
  const verb = argv.find((word, index) => index > 0 && !word.startsWith("-"));
  if (verb === "update" && !has(argv, /self-update/))
    return {
      loose: "run composer install with the committed lock file",
      cacheable: false,
      lockfiles: ["composer.lock"],
    };
  return undefined;
};

const pip: Reader = ({ argv }) =>
  argv[1] === "install" && has(argv, /^(?:-r.*|--requirement(?:=.*)?)$/)
    ? { cacheable: true, lockfiles: [] }
    : undefined;

const READERS: Record<string, Reader> = {
  npm,
  yarn,
  yarnpkg: yarn,
  pnpm,
  bun,
  uv,
  pipenv,
  poetry,
  bundle,
  bundler: bundle,
  go,
  composer,
  cargo,
  deno,
  dotnet,
  pip,
  pip3: pip,
};

/** The install that a command is; undefined for everything else, also for programs that are installed by their names. */
export function installOf(step: ShellStep, setting: Setting): Install | undefined {
  const program = step.argv[0] === "corepack" ? step.argv[1] : step.argv[0];
  const read = Object.hasOwn(READERS, program ?? "") ? READERS[program as string] : undefined;
  return read?.(
    step.argv[0] === "corepack" ? { ...step, argv: step.argv.slice(1), words: step.words.slice(1) } : step,
    setting,
  );
}

function isGlobal(argv: readonly string[]): boolean {
  return has(argv, /^(?:-g|--global|--location=global)$/);
}

/** Options of npm whose value is a word of its own. */
function valueless(argv: readonly string[]): string[] {
  return argv.filter(
    (_, index) =>
      !/^--(?:prefix|registry|cache|loglevel|omit|include|only|workspace|userconfig)$|^-w$/.test(argv[index - 1] ?? ""),
  );
}

function replace(word: ShellWord | undefined, text: string, description: string): Pick<Install, "fix"> {
  return word ? { fix: { description, edits: [{ start: word.start, end: word.end, text }] } } : {};
}

function append(words: readonly ShellWord[], option: string): Pick<Install, "fix"> {
  const last = words.at(-1);
  return last
    ? { fix: { description: `add ${option}`, edits: [{ start: last.end, end: last.end, text: ` ${option}` }] } }
    : {};
}
