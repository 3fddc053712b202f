import { joinPath } from "../../../../formats/tree.ts";
import { type ShellCommand, shellCommands } from "../../../command-line.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { inProduction } from "./production.ts";
import { scriptOf, withoutManager } from "./scripts.ts";
import { purposeOf } from "./tables.ts";
import { assignments, joinWords, lineOf, type Written } from "./words.ts";
import { unwrap } from "./wrappers.ts";

/** A declared start, as production runs it. */
export interface StartReading {
  /** Where it runs, from the root. */
  folder: string;
  /** Null where it is nothing to start in production; `why` says which. */
  command: string | null;
  /** The program and its arguments, without assignments. */
  argv: readonly string[];
  why: "development" | "idle" | "release" | "script" | null;
  /** What changes the schema before it. */
  releases: readonly string[];
}

interface Step {
  env: Record<string, string>;
  argv: string[];
}

const MOST_SCRIPTS = 6;

/** Reads what starts a program: wrappers go, scripts are replaced by what they run, steps of the release are set apart. */
export function readStart(snapshot: Snapshot, folder: string, written: Written, depth = 0): StartReading {
  const line = lineOf(written);
  const nothing = (why: StartReading["why"], rest: Partial<StartReading> = {}): StartReading => ({
    folder,
    command: null,
    argv: [],
    why,
    releases: [],
    ...rest,
  });
  const commands = shellCommands(line);
  if (commands.length === 0 || depth > MOST_SCRIPTS) return nothing("idle");
  if (isTangled(line, commands)) return { folder, command: line, argv: [], why: null, releases: [] };
  const { at, steps, releases, idle } = stepsOf(commands, folder);
  const last = steps.at(-1);
  if (!last) return nothing(idle ? "idle" : releases.length > 0 ? "release" : "idle", { releases });
  const script = scriptOf(snapshot, at, last.argv);
  if (script) {
    if (script.text === undefined)
      return nothing(DEVELOPMENT_SCRIPT.test(script.name) ? "development" : "script", {
        folder: script.folder,
        releases,
      });
    const prefix = assignments(last.env);
    const inner = readStart(snapshot, script.folder, [...prefix, script.text].join(" "), depth + 1);
    return { ...inner, releases: [...releases, ...inner.releases] };
  }
  const program = inProduction({ env: last.env, argv: withoutManager(last.argv) });
  if (!program) return nothing("development", { folder: at, releases });
  const before = steps.slice(0, -1).map(render);
  return {
    folder: at,
    command: [...before, render(program)].join(" && "),
    argv: program.argv,
    why: null,
    releases,
  };
}

const DEVELOPMENT_SCRIPT = /(?:^|:)(?:dev|develop|watch)(?:$|:)/;

function render({ env, argv }: Step): string {
  return [...assignments(env), joinWords(argv)].join(" ");
}

/** Pipes, programs in the background and substitutions are taken as they are. */
function isTangled(line: string, commands: readonly ShellCommand[]): boolean {
  if (/\$\([^)]*[|;&]|`|<<|^\s*(?:if|for|while|case|\{|\()/m.test(line)) return true;
  return commands.some(({ then }, index) => {
    const next = commands[index + 1];
    if (then === "|" || then === "&") return next !== undefined;
    return then === "||" && next !== undefined && purposeOf(next.argv.join(" ")) === "run";
  });
}

/** The commands that are started, behind what only prepares. */
function stepsOf(commands: readonly ShellCommand[], folder: string) {
  const steps: Step[] = [];
  const releases: string[] = [];
  let env: Record<string, string> = {};
  let at = folder;
  let idle = false;
  for (const [index, command] of commands.entries()) {
    // What follows `||` is for failures.
    if (commands[index - 1]?.then === "||") continue;
    const [program = "", target] = command.argv;
    if (program === "cd") at = changed(at, target);
    else if (program === "" || program === "export")
      env = { ...env, ...command.env, ...exported(command.argv.slice(1)) };
    else {
      const step = unwrap({ env: { ...env, ...command.env }, argv: command.argv });
      const purpose = purposeOf(step.argv.join(" "));
      if (purpose === "release") releases.push(render({ ...step, env: {} }));
      else if (purpose === "run" || purpose === "development") steps.push(step);
      idle = purpose === "idle";
    }
  }
  // A step in front that would not end is none.
  return {
    at,
    steps: steps.length > 1 ? steps.filter((step, index) => index === steps.length - 1 || !isDevelopment(step)) : steps,
    releases,
    idle,
  };
}

function isDevelopment({ argv }: Step): boolean {
  return purposeOf(argv.join(" ")) === "development";
}

/** Absolute paths are of a container. */
function changed(folder: string, target: string | undefined): string {
  if (target === undefined || target.startsWith("/") || /[$~]/.test(target)) return folder;
  return joinPath(folder, target) ?? folder;
}

function exported(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const at = word.indexOf("=");
      return at > 0 ? [[word.slice(0, at), word.slice(at + 1)]] : [];
    }),
  );
}
