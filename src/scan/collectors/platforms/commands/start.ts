import type { Snapshot } from "../../../snapshot.ts";
import { equivalentOf } from "../../javascript/commands/equivalents.ts";
import { expandLine } from "../../javascript/commands/expand.ts";
import type { Step } from "../../javascript/commands/step.ts";
import { scriptLines } from "./scripts.ts";
import { type Purpose, purposeOf } from "./tables.ts";
import { lineOf, textOf, type Written } from "./words.ts";
import { unwrap } from "./wrappers.ts";

/** A declared start, as production runs it. */
export interface StartReading {
  /** Where it runs, from the root. */
  folder: string;
  /** Null where it is nothing to start in production; `why` says which. */
  command: string | null;
  /** The program and its arguments, without assignments. */
  argv: readonly string[];
  why: "development" | "idle" | "image" | "release" | "script" | null;
  /** What changes the schema before it. */
  releases: readonly string[];
}

interface Known {
  step: Step;
  purpose: Purpose;
}

/** Reads what starts a program: wrappers go, scripts are replaced by what they run, steps of the release are set apart. */
export function readStart(snapshot: Snapshot, folder: string, written: Written): StartReading {
  const line = lineOf(written);
  const nothing = { folder, command: null, argv: [], releases: [] };
  if (line === "") return { ...nothing, why: "idle" };
  if (TANGLED.test(line)) return { ...nothing, command: line, why: null };
  const steps = expandLine(snapshot, line, folder).flatMap((step) => reduced(snapshot, step));
  // What reads the output of another program is no service.
  const known = steps
    .filter((_, index) => steps[index - 1]?.next !== "|")
    .map((step): Known => ({ step, purpose: purposeOf(step.argv) }));
  const releases = known
    .filter(({ purpose }) => purpose === "release")
    .map(({ step }) => textOf({ ...step, env: [] }, step.folder));
  const running = known.filter(({ purpose }) => purpose === "run" || purpose === "development" || purpose === "script");
  const last = running.at(-1);
  if (!last)
    return { ...nothing, why: releases.length > 0 && known.at(-1)?.purpose !== "idle" ? "release" : "idle", releases };
  const beside = running.filter(({ step }) => step.next === "&");
  if (beside.length > 0 && running.length > 1) return { ...nothing, command: line, why: null, releases };
  const at = last.step.folder;
  const step = inProduction(last);
  if (typeof step === "string") return { ...nothing, folder: at, why: step, releases };
  const before = running.slice(0, -1).filter(({ purpose }) => purpose === "run");
  const command = [...before.map((one) => one.step), step].map((one) => textOf(one, at)).join(" && ");
  return { folder: at, command, argv: step.argv, why: null, releases };
}

/** Blocks, lists of cases and texts for programs are taken as they are. */
const TANGLED = /`|<<|^[^\S\n]*(?:if|for|while|case|\{)\b|\$\([^)]*[|;&]/m;
/** How many scripts may start one another. */
const DEEPEST = 3;
const REDIRECTION = /^\d*(?:>>?|<)(?:&?\d+|\S+)?$/;

/** Without the wrappers that other languages have, and without redirections. */
function reduced(snapshot: Snapshot, step: Step, depth = 0): Step[] {
  const words = step.argv.filter(
    (word, index) => !REDIRECTION.test(word) && !/^\d*(?:>>?|<)$/.test(step.argv[index - 1] ?? ""),
  );
  const argv = unwrap(words);
  const lines = depth < DEEPEST ? scriptLines(snapshot, step.folder, argv) : undefined;
  if (lines !== undefined && !TANGLED.test(lines)) {
    const inner = expandLine(snapshot, lines, step.folder).flatMap((one) => reduced(snapshot, one, depth + 1));
    return inner.map((one, index) => ({
      ...one,
      env: [...step.env, ...one.env],
      next: index === inner.length - 1 ? step.next : one.next,
    }));
  }
  if (argv.length === words.length) return [{ ...step, argv }];
  return expandLine(snapshot, textOf({ ...step, argv }, step.folder), step.folder).map((inner) => ({
    ...inner,
    next: step.next,
  }));
}

/** Servers that images of PHP bring: they run what lies there, and are no program of the project. */
const OF_IMAGE = /^(?:\S*\/)?(?:php-fpm[\d.]*|apache2-foreground)$/;
const RELOADING = new Set(["--reload", "--debug", "--use_reloader"]);
const RELOADS = /^(?:uvicorn|gunicorn|flask|hypercorn|fastapi|sanic|litestar|granian|quart|python[\d.]*)$/;

/** The step without what is for developers only; why there is none where nothing certain is left. */
function inProduction({ step, purpose }: Known): Step | "development" | "image" | "script" {
  if (OF_IMAGE.test(step.argv[0] ?? "")) return "image";
  const env = step.env.filter(
    ([name, value]) => !(/^(?:NODE|FLASK|APP|RAILS|RACK)_ENV$/.test(name) && /^dev/.test(value)),
  );
  if (env.length < step.env.length && !/^(?:node|bun|deno)$/.test(step.argv[0] ?? "")) return "development";
  const { argv, changed } = equivalentOf(step.argv);
  const [program = "", ...rest] = argv;
  if (changed && !/^(?:node|bun|deno)$/.test(program)) return "development";
  if (!changed && purpose !== "run") return purpose === "script" ? "script" : "development";
  return {
    ...step,
    env,
    argv: RELOADS.test(program) ? [program, ...rest.filter((word) => !RELOADING.has(word))] : argv,
  };
}
