import { joinPath } from "../../../../formats/tree.ts";
import { shellCommands } from "../../../command-line.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { manifestIn } from "../manifest.ts";
import { nxLine } from "../nx/projects.ts";
import { declaredLine } from "./declared-lines.ts";
import { managerCall } from "./manager-call.ts";
import { parallelLines, sequenceOf } from "./runners.ts";
import { assignment, installedProgram, quoted, type Step } from "./step.ts";
import { unwrapped } from "./wrappers.ts";

const DEEPEST = 12;
interface Site {
  folder: string;
  env: Step["env"];
  depth: number;
}

/** The commands that a line comes down to, with scripts, wrappers and runners of scripts resolved. */
export function expandLine(snapshot: Snapshot, line: string, folder: string): Step[] {
  return expand(snapshot, line, { folder, env: [], depth: 0 });
}

function expand(snapshot: Snapshot, line: string, site: Site): Step[] {
  if (site.depth > DEEPEST) return [];
  let { folder, env } = site;
  let otherwise = false;
  const steps: Step[] = [];
  for (const { env: assigned, argv: raw, separator } of shellCommands(line)) {
    const skipped = otherwise;
    // What stands behind `||` is for when the first one fails.
    otherwise = separator === "||";
    if (skipped) continue;
    const argv = unredirected(raw)
      .map((word, index) => (index === 0 ? word.replace(/^\(+/, "") : word))
      .map((word) => (word.includes("(") ? word : word.replace(/\)+$/, "")))
      .filter((word) => word !== "");
    const own = [...env, ...Object.entries(assigned)];
    const [program, ...args] = argv;
    if (program === undefined) env = own;
    else if (program === "cd" || program === "pushd")
      folder = joinPath(folder, args.find((word) => !word.startsWith("/")) ?? ".") ?? folder;
    else if (/^(?:export|set)$/i.test(program))
      env = [...own, ...args.flatMap((word) => [assignment(word)].filter((pair) => pair !== undefined))];
    else
      steps.push(
        ...reduce(snapshot, { env: own, argv, folder, next: separator === "||" ? "&&" : separator }, site.depth + 1),
      );
  }
  return steps;
}

const REDIRECTION = /^\d*(?:>>?|<|&>>?)(?!\()/;

/** Without where the output goes: `> log.txt 2>&1`. */
function unredirected(words: readonly string[]): string[] {
  return words.filter((word, index) => {
    const before = words[index - 1] ?? "";
    // The file may be a word of its own behind the sign.
    return !(REDIRECTION.test(word) || /^\d*(?:>>?|<|&>>?)$/.test(before));
  });
}

function reduce(snapshot: Snapshot, step: Step, depth: number): Step[] {
  if (depth > DEEPEST) return [];
  const again = (line: string, from: Step = step) =>
    joined(expand(snapshot, line, { folder: from.folder, env: from.env, depth }), step.next);
  const inner = unwrapped(step);
  if (inner) return "line" in inner ? again(inner.line, inner.step) : reduce(snapshot, inner.step, depth + 1);
  const argv = direct(step.argv);
  const scripts = (folder: string) => manifestIn(snapshot, folder)?.scripts ?? new Map<string, string>();
  const target = nxLine(snapshot, argv, step.folder);
  if (target) return again(target.line, { ...step, folder: target.folder });
  const declared = declaredLine(snapshot, argv, step.folder);
  if (declared !== undefined) return again(declared);
  const side = parallelLines(argv, scripts(step.folder));
  if (side)
    return joined(
      side.flatMap((line) => joined(again(line), "&")),
      step.next,
    );
  const sequence = sequenceOf(argv, scripts(step.folder));
  if (sequence)
    return joined(
      sequence.flatMap((name) => joined(again(scripts(step.folder).get(name) ?? ""), "&&")),
      step.next,
    );
  const call = managerCall(snapshot, argv, step.folder, scripts);
  if (call?.kind === "script") {
    const line = [scripts(call.folder).get(call.name) ?? "", ...call.args.map(quoted)].join(" ");
    return again(line, { ...step, folder: call.folder });
  }
  if (call?.kind === "program")
    return reduce(snapshot, { ...step, argv: packageless(call.argv), folder: call.folder }, depth + 1);
  if (call?.kind === "group") return [{ ...step, argv: ["turbo", ...argv] }];
  return [{ ...step, argv }];
}

/** `node node_modules/.bin/next start` as `next start`, `node --run start` as `npm run start`. */
function direct([program = "", ...args]: readonly string[]): readonly string[] {
  const installed = installedProgram(program);
  if (installed !== undefined) return [installed, ...args];
  if (program === "node" && args[0] === "--run") return ["npm", "run", ...args.slice(1)];
  const target = program === "node" ? installedProgram(args[0] ?? "") : undefined;
  return target === undefined ? [program, ...args] : [target, ...args.slice(1)];
}

function packageless([program = "", ...args]: readonly string[]): readonly string[] {
  return [program.replace(/(?<=.)@[^/@]*$/, ""), ...args];
}

/** The last of the steps is joined to what follows. */
function joined(steps: readonly Step[], next: string): Step[] {
  return steps.map((step, index) => (index === steps.length - 1 ? { ...step, next } : step));
}
