import { baseOf } from "../../../formats/tree.ts";

/** What a program is started with. */
export interface Program {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Whether the platform gives PORT. */
  port: boolean;
  /** Whether the build context has a file of this name. */
  has(name: string): boolean;
}

const LOOPBACK = /^(?:\w+:\/\/)?(?:127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)(?::\S*)?\/?$/i;
const ADDRESS_FLAG =
  /^(?:--(?:host|hostname|bind|listen|address|addr|ip|binding|http|server\.address|urls|dev-addr|http\.host)|-(?:b|H|S|a|l|h))$/;
const ADDRESS_VARIABLE =
  /^(?:HOST|HOSTNAME|BIND|BIND_ADDRESS|BIND_ADDR|LISTEN|LISTEN_ADDR|LISTEN_ADDRESS|LISTEN_HOST|FLASK_RUN_HOST|UVICORN_HOST|ROCKET_ADDRESS|ASPNETCORE_URLS|GRADIO_SERVER_NAME|NITRO_HOST|NUXT_HOST|BINDING)$/;

/** What a program that listens on loopback unless told otherwise must be told. */
interface Default {
  program: RegExp;
  /** Words behind the program that make it listen. */
  verb?: RegExp;
  /** Arguments, variables and files that say where it listens. */
  told: RegExp;
  variables?: readonly string[];
  files?: readonly string[];
  say: string;
  /** It listens everywhere where PORT is given. */
  byPort?: boolean;
}

const DEFAULTS: readonly Default[] = [
  { program: /^flask$/, verb: /^run$/, told: /^(?:--host|-h)/, variables: ["FLASK_RUN_HOST"], say: "--host 0.0.0.0" },
  { program: /^uvicorn$/, told: /^(?:--host|--uds|--fd)/, variables: ["UVICORN_HOST"], say: "--host 0.0.0.0" },
  { program: /^fastapi$/, verb: /^dev$/, told: /^--host/, say: "--host 0.0.0.0" },
  {
    program: /^gunicorn$/,
    told: /^(?:-b|--bind|-c|--config)/,
    variables: ["GUNICORN_CMD_ARGS"],
    files: ["gunicorn.conf.py"],
    say: "--bind 0.0.0.0:8000",
    byPort: true,
  },
  { program: /^hypercorn$/, told: /^(?:-b|--bind|-c|--config)/, say: "--bind 0.0.0.0:8000" },
  { program: /^daphne$/, told: /^(?:-b|--bind|-e|--endpoint|-u)/, say: "-b 0.0.0.0" },
  {
    program: /^manage\.py$/,
    verb: /^runserver(?:_plus)?$/,
    told: /^(?:0\.0\.0\.0|0|\[::\]|\*|\$)/,
    say: "0.0.0.0:8000",
  },
  { program: /^artisan$/, verb: /^serve$/, told: /^--host/, say: "--host=0.0.0.0" },
  { program: /^ng$/, verb: /^serve$/, told: /^--host/, files: ["angular.json"], say: "--host 0.0.0.0" },
  {
    program: /^astro$/,
    verb: /^(?:dev|preview)$/,
    told: /^--host/,
    files: ["astro.config.mjs", "astro.config.ts", "astro.config.js"],
    say: "--host",
  },
  { program: /^hugo$/, verb: /^serve?r?$/, told: /^--bind/, say: "--bind 0.0.0.0" },
  {
    program: /^mkdocs$/,
    verb: /^serve$/,
    told: /^(?:-a|--dev-addr)/,
    files: ["mkdocs.yml"],
    say: "--dev-addr 0.0.0.0:8000",
  },
  { program: /^jekyll$/, verb: /^serve$/, told: /^(?:-H|--host)/, files: ["_config.yml"], say: "--host 0.0.0.0" },
];

/** Why nobody outside the container can reach a program, and what to write; undefined where nothing speaks for it. */
export function loopbackOf(program: Program): string | undefined {
  const { argv, env } = program;
  const address = argv.find((word, at) => {
    const [, flag, value] = /^(-[^=]+)=(.*)$/.exec(word) ?? [];
    if (flag !== undefined) return ADDRESS_FLAG.test(flag) && LOOPBACK.test(value ?? "");
    return ADDRESS_FLAG.test(argv[at - 1] ?? "") && LOOPBACK.test(word);
  });
  if (address !== undefined) return `it listens on ${address}, which nobody outside the container reaches: use 0.0.0.0`;
  const variable = Object.entries(env).find(([name, value]) => ADDRESS_VARIABLE.test(name) && LOOPBACK.test(value));
  if (variable)
    return `${variable[0]}=${variable[1]} lets it listen where nobody outside the container reaches it: use 0.0.0.0`;
  const found = DEFAULTS.find((entry) => applies(entry, program));
  return (
    found && `${argv.slice(0, 3).map(baseOf).join(" ")} listens on loopback unless told otherwise: add ${found.say}`
  );
}

function applies(
  { program, verb, told, variables = [], files = [], byPort }: Default,
  { argv, env, port, has }: Program,
): boolean {
  const at = argv.findIndex((word, index) => index < 4 && program.test(baseOf(word)));
  if (at === -1 || argv.slice(0, at).some((word) => /^(?:-c|-e|echo)$/.test(word))) return false;
  const rest = argv.slice(at + 1);
  if (verb && !rest.some((word) => verb.test(word))) return false;
  if (rest.some((word) => told.test(word)) || variables.some((name) => env[name] !== undefined)) return false;
  return !(byPort && (port || env.PORT !== undefined)) && !files.some(has);
}
