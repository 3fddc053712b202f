/** A program without what stands in front of it. */
export interface Unwrapped {
  env: Record<string, string>;
  argv: string[];
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/** How a wrapper's own words end, so that the program begins behind them. */
type Skip = (rest: readonly string[]) => number;

/** Behind options that take a value (named) or none. */
const options =
  (...valued: readonly string[]): Skip =>
  (rest) => {
    let at = 0;
    while (rest[at]?.startsWith("-")) {
      if (rest[at] === "--") return at + 1;
      at += valued.includes(rest[at] as string) ? 2 : 1;
    }
    return at;
  };
/** Behind `--`; without one the wrapper is a program. */
const dashes: Skip = (rest) => rest.indexOf("--") + 1 || -1;
/** Behind a first word, then options. */
const after =
  (word: string, then: Skip = options()): Skip =>
  (rest) =>
    rest[0] === word ? 1 + then(rest.slice(1)) : -1;
const first =
  (...skips: readonly Skip[]): Skip =>
  (rest) =>
    skips.map((skip) => skip(rest)).find((count) => count !== -1) ?? -1;

/** Programs that start another one and are not needed for it; by their base name. */
const WRAPPERS: Record<string, Skip> = {
  exec: options("-a"),
  nohup: options(),
  nice: options("-n"),
  env: options("-u"),
  time: options(),
  sudo: options("-u", "-g"),
  gosu: () => 1,
  "su-exec": () => 1,
  "dumb-init": options(),
  tini: options("-p", "-e"),
  "tini-static": options("-p", "-e"),
  catatonit: options(),
  "cross-env": () => 0,
  "cross-env-shell": () => 0,
  dotenv: first(dashes, options("-e", "-v", "-f")),
  dotenvx: after("run", first(dashes, options("-f", "-e"))),
  "env-cmd": options("-f", "-e", "--file", "--environments"),
  doppler: after("run", dashes),
  infisical: after("run", dashes),
  op: after("run", dashes),
  chamber: after("exec", dashes),
  "wait-for-it": dashes,
  "wait-for-it.sh": dashes,
  "wait-for": dashes,
  "wait-for.sh": dashes,
  dockerize: options("-wait", "-timeout", "-template", "-stdout", "-stderr", "-wait-retry-interval"),
  npx: options("-p", "--package"),
  pnpx: options(),
  bunx: options(),
  poetry: after("run"),
  uv: after(
    "run",
    options("--group", "--extra", "--with", "--package", "--project", "--directory", "--python", "-p", "--env-file"),
  ),
  pipenv: after("run"),
  pdm: after("run"),
  rye: after("run"),
  conda: after("run", options("-n", "--name", "-p", "--prefix")),
  micromamba: after("run", options("-n", "--name", "-p", "--prefix")),
  pnpm: first(after("exec"), after("dlx")),
  yarn: first(
    after("exec"),
    after("dlx"),
    after("node", () => -1),
  ),
  npm: after("exec"),
};

/** Folders of programs that are on the path where the project runs. */
const ON_PATH =
  /^(?:.*\/)?(?:node_modules\/\.bin|\.?v?env\/bin|\.venv\/bin)\/|^\/(?:usr\/)?(?:local\/)?s?bin\/(?=(?:node|npm|npx|yarn|pnpm|bun|deno|python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|celery|flask|ruby|bundle|puma|php|php-fpm|java|dotnet|nginx|httpd|caddy|sh|bash|tini|dumb-init|gosu)$)/;

/** Takes wrappers away, whatever is nested in what; assignments of `env` and `cross-env` stay in front. */
export function unwrap({ env, argv }: Unwrapped): Unwrapped {
  const [program, ...rest] = argv;
  if (program === undefined) return { env, argv };
  const short = program.replace(ON_PATH, "");
  const base = short.slice(short.lastIndexOf("/") + 1);
  const skip = Object.hasOwn(WRAPPERS, base) ? WRAPPERS[base] : undefined;
  const count = skip ? skip(rest) : -1;
  if (count === -1 || rest.length <= count) return { env, argv: [short, ...rest] };
  return unwrap(assigned(env, rest.slice(count)));
}

function assigned(env: Record<string, string>, words: readonly string[]): Unwrapped {
  const [word = "", ...rest] = words;
  const [, name, value = ""] = ASSIGNMENT.exec(word) ?? [];
  return name === undefined ? { env, argv: [...words] } : assigned({ ...env, [name]: value }, rest);
}
