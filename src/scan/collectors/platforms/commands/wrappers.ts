/** How a wrapper's own words end, so that the program begins behind them; -1 where it is no wrapper here. */
type Skip = (rest: readonly string[]) => number;

/** Behind options, those that take a value named. */
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
/** Behind a first word, then options. */
const after =
  (word: string, then: Skip = options()): Skip =>
  (rest) =>
    rest[0] === word ? 1 + then(rest.slice(1)) : -1;

const ENVIRONMENT = options("-n", "--name", "-p", "--prefix");

/** Programs that start another one and are not needed for it, beside those that projects in JavaScript use; by base name. */
const WRAPPERS: Record<string, Skip> = {
  gosu: () => 1,
  "su-exec": () => 1,
  setpriv: options(),
  tini: options("-p", "-e"),
  "tini-static": options("-p", "-e"),
  catatonit: options(),
  dockerize: options("-wait", "-timeout", "-template", "-stdout", "-stderr", "-wait-retry-interval"),
  chamber: (rest) => rest.indexOf("--") + 1 || -1,
  poetry: after("run"),
  uv: after(
    "run",
    options("--group", "--extra", "--with", "--package", "--project", "--directory", "--python", "-p", "--env-file"),
  ),
  pipenv: after("run"),
  pdm: after("run"),
  rye: after("run"),
  conda: after("run", ENVIRONMENT),
  micromamba: after("run", ENVIRONMENT),
};

/** Folders of programs that are on the path where the project runs. */
const ON_PATH =
  /^(?:.*\/)?\.?v?env\/bin\/|^\/(?:usr\/)?(?:local\/)?s?bin\/(?=(?:node|npm|npx|yarn|pnpm|bun|deno|python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|celery|flask|ruby|bundle|puma|php|php-fpm|java|dotnet|nginx|httpd|caddy|sh|bash|tini|dumb-init|gosu)$)/;

/** Takes wrappers away, whatever is nested in what. */
export function unwrap([program, ...rest]: readonly string[]): string[] {
  if (program === undefined) return [];
  const short = program.replace(ON_PATH, "");
  const base = short.slice(short.lastIndexOf("/") + 1);
  const count = Object.hasOwn(WRAPPERS, base) ? (WRAPPERS[base]?.(rest) ?? -1) : -1;
  return count === -1 || rest.length <= count ? [short, ...rest] : unwrap(rest.slice(count));
}
