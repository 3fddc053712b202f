import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { GenerateTarget } from "../../contract/generate.ts";
import { GENERATE_KINDS } from "../../contract/generate-kinds.ts";
import { UserError } from "../../core/errors.ts";
import { pinsAge } from "../../generate/pins.ts";
import { prepare } from "../../generate/prepare.ts";
import { reportOf } from "../../generate/report.ts";
import { openRepository } from "../../generate/repository.ts";
import { readBelow, writePrepared } from "../../generate/write.ts";
import { compileQuickly } from "../compile-quickly.ts";
import { badUsage, givenPath } from "../failure.ts";
import { generateLines } from "../generate-lines.ts";
import { planText } from "../generate-plan-lines.ts";
import { note, print, printJson } from "../output.ts";
import type { GlobalOptions } from "../session.ts";

interface Options extends GlobalOptions {
  kinds?: string[];
  only?: string[];
  out?: string;
  target?: GenerateTarget;
  plan?: boolean;
  diff?: boolean;
  check?: boolean;
  adopt?: boolean;
  restore?: boolean;
  applyCode?: boolean;
}

export async function run(options: Options, given: string[] = []): Promise<void> {
  compileQuickly();
  const { kinds: asked, folder } = sorted([
    ...given.map((word) => givenPath(word, "the folder")),
    ...(options.kinds ?? []),
    ...(options.only ?? []),
  ]);
  const { root, plan } = openRepository(folder, {
    ...(options.config ? { config: resolve(options.config) } : {}),
    ...(options.target ? { target: options.target } : {}),
  });
  if (plan.services.length === 0)
    throw new UserError({
      code: "SM-GENERATE-NOTHING",
      message: `nothing in ${root} looks like a service`,
      next: "see what comes nearest to one: stationmaster scan; or describe it in stationmaster.yaml",
    });
  const { warning } = pinsAge(plan.pins, new Date());
  if (warning && !options.json) note(warning);
  if (options.plan)
    return options.json ? printJson({ ...plan, tree: undefined, pins: undefined }) : print(planText(plan));
  const out = options.out === undefined ? root : resolve(givenPath(options.out, "the folder of --out"));
  const prepared = await prepare({
    plan,
    current: readBelow(out),
    copies: below(root, out),
    kinds: asked,
    restore: options.restore ?? false,
    adopt: options.adopt ?? false,
    applyCode: options.applyCode ?? false,
    today: new Date().toISOString().slice(0, 10),
  });
  const report = reportOf(prepared, out);
  const drift = report.created.length + report.modified.length + report.deleted.length > 0;
  const writes = !options.check && !options.diff && prepared.blocking.length === 0;
  if (writes) writePrepared(out, prepared);
  if (options.json) printJson(report);
  else
    for (const line of generateLines(prepared, { diff: options.diff || options.check, written: writes })) print(line);
  if (prepared.blocking.length > 0 || (options.check && drift)) process.exitCode = 1;
}

/** The path of a folder inside of another; undefined where it is not in there. */
function below(root: string, folder: string): string | undefined {
  const path = relative(root, folder).split(sep).join("/");
  return path === "" || path === ".." || path.startsWith("../") || isAbsolute(path) ? undefined : path;
}

const isKind = (word: string) => (GENERATE_KINDS as readonly string[]).includes(word);

/** Kinds and the folder, in whatever order they were typed; a list of kinds may hold commas. */
function sorted(words: readonly string[]): { kinds: string[]; folder: string } {
  const parts = words.flatMap((word) => (existsSync(word) ? [word] : word.split(","))).filter(Boolean);
  const others = parts.filter((part) => !isKind(part));
  if (others.length > 1 && others.every((part) => existsSync(part)))
    throw badUsage(`one folder at a time, not ${others.join(" and ")}`, "run it once for each");
  const unknown = others.find((part) => !existsSync(part) && !part.includes("/")) ?? others[1];
  if (unknown !== undefined)
    throw new UserError({
      code: "SM-GENERATE-KIND",
      message: `"${unknown}" is no kind of files and no folder`,
      next: `take some of ${GENERATE_KINDS.join(", ")}`,
    });
  return { kinds: parts.filter(isKind), folder: others[0] ?? "." };
}
