import { purposeOf } from "./tables.ts";
import type { Unwrapped } from "./wrappers.ts";

const RELOADING = new Set(["--reload", "--debug", "--watch", "--hot", "--use_reloader", "--debug-mode"]);
const SCRIPT_FILE = /\.[cm]?js$/;

/** The same program without what is for developers only; undefined where it has no certain counterpart. */
export function inProduction({ env, argv }: Unwrapped): Unwrapped | undefined {
  const [program = "", ...rest] = argv;
  if (env.NODE_ENV === "development" || env.FLASK_ENV === "development") return undefined;
  if (program === "nodemon") return nodemon(env, rest);
  if (program === "tsx" && rest[0] === "watch") return { env, argv: ["tsx", ...rest.slice(1)] };
  if (purposeOf(argv.join(" ")) === "development") return undefined;
  const flags = rest.filter((word) => !RELOADING.has(word));
  const reloads =
    flags.length < rest.length &&
    /^(?:uvicorn|gunicorn|flask|hypercorn|fastapi|sanic|node|bun|deno|python[\d.]*|litestar|granian|quart)$/.test(
      program,
    );
  return { env, argv: reloads ? [program, ...flags] : [...argv] };
}

/** `nodemon server.js` watches what `node server.js` runs. */
function nodemon(env: Unwrapped["env"], rest: readonly string[]): Unwrapped | undefined {
  const file = rest.find((word) => !word.startsWith("-"));
  const own = rest.filter((word) => word.startsWith("-") && word !== "--");
  return file !== undefined &&
    SCRIPT_FILE.test(file) &&
    own.every((flag) => /^(?:-L|-q|--legacy-watch|--quiet)$/.test(flag))
    ? { env, argv: ["node", file] }
    : undefined;
}
