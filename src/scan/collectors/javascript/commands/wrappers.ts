import { afterFlags, assignment, type Step } from "./step.ts";

/** What stands inside a wrapper: a command, or a line that has to be read again. */
type Inner = { step: Step } | { line: string; step: Step };

type Wrapper = (step: Step, args: readonly string[]) => Inner | undefined;

const ENV_FILE = /(?:^|\/)\.?env(?:\.[\w.-]+)?$|\.env$|\.envrc$/;
const VALUED = new Set(
  "-e -f -c -r -v -u -p -n --package --call --file --environments --config --env-file -o --timeout -t --projectId --env --path -a -P".split(
    " ",
  ),
);

const inner = (step: Step, argv: readonly string[]): Inner | undefined =>
  argv.length === 0 ? undefined : { step: { ...step, argv } };

/** `A=b C=d program`; a program in quotes is a line of its own. */
const assigns: Wrapper = (step, args) => {
  // `env $(cat .env | xargs) node server.js`: variables that only a shell knows.
  const known = args.filter((word) => !/^(?:\$\(|`)/.test(word));
  const rest = known.filter(
    (word, index) => !(word.startsWith("-") && known.slice(0, index).every((one) => assignment(one))),
  );
  const count = rest.findIndex((word) => !assignment(word));
  if (count === -1) return undefined;
  const env = [...step.env, ...rest.slice(0, count).flatMap((word) => [assignment(word) ?? []] as [string, string][])];
  const argv = rest.slice(count);
  const [first = ""] = argv;
  if (argv.length === 1 && /\s/.test(first)) return { line: first, step: { ...step, env } };
  return { step: { ...step, env, argv } };
};

/** Programs that read variables from a file or a vault and start another one. */
const variables: Wrapper = (step, args) => {
  const at = args.indexOf("--");
  if (at !== -1) return inner(step, args.slice(at + 1));
  const rest = afterFlags(args[0] === "run" ? args.slice(1) : args, VALUED);
  return inner(step, ENV_FILE.test(rest[0] ?? "") ? rest.slice(1) : rest);
};

/** Starts a program of a package: the version of the package is no part of the program's name. */
const packaged: Wrapper = (step, args) => {
  const call = args.findIndex((word) => word === "-c" || word === "--call");
  if (call !== -1) return { line: args[call + 1] ?? "", step };
  const [program = "", ...rest] = afterFlags(args, VALUED);
  return inner(step, program === "" ? [] : [program.replace(/(?<=.)@[^/@]*$/, ""), ...rest]);
};

const simple: Wrapper = (step, args) => inner(step, afterFlags(args, VALUED));

const shell: Wrapper = (step, args) => {
  const at = args.findIndex((word) => /^-\w*c$/.test(word));
  return at === -1 ? undefined : { line: args[at + 1] ?? "", step };
};

const waits: Wrapper = (step, args) =>
  args.includes("--") ? inner(step, args.slice(args.indexOf("--") + 1)) : undefined;

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  ...named(assigns, "cross-env cross-env-shell env"),
  ...named(variables, "dotenv dotenv-cli dotenvx dotenv-flow env-cmd with-env infisical doppler op dotenv-run-script"),
  ...named(packaged, "npx pnpx bunx"),
  ...named(simple, "exec nice time nohup command sudo stdbuf ionice dumb-init tini"),
  ...named(shell, "sh bash ash zsh"),
  ...named(waits, "wait-for-it wait-for-it.sh wait-for.sh wait-on dockerize wait-port"),
};

/** What a command that starts another one starts; undefined where it is no wrapper. */
export function unwrapped(step: Step): Inner | undefined {
  const [program = "", ...args] = step.argv;
  const base = program.slice(program.lastIndexOf("/") + 1);
  const wrapper = Object.hasOwn(WRAPPERS, base) ? WRAPPERS[base] : undefined;
  return wrapper?.(step, args);
}

function named(wrapper: Wrapper, names: string): Record<string, Wrapper> {
  return Object.fromEntries(names.split(" ").map((name) => [name, wrapper]));
}
