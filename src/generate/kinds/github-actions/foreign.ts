import { isMap, isScalar, parseDocument } from "yaml";
import { yamlText } from "../../../formats/write-yaml.ts";
import type { GeneratedFile } from "../../kind.ts";
import { regionIn } from "../../merge/region.ts";
import { hasNote } from "../../note.ts";
import type { Plan } from "../../plan.ts";
import { imageJobs } from "./ci.ts";
import { pinned, type Values } from "./workflow.ts";

/** A workflow that people wrote, and that runs the tests on every change. */
export function foreignChecks({ tree }: Plan): string | undefined {
  return tree.paths.find((path) => {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return false;
    const text = tree.text(path) ?? "";
    if (hasNote(text)) return false;
    return /^\s*["']?(?:on|true)["']?\s*:[\s\S]*\b(?:pull_request|push)\b/m.test(text) && TESTS.test(text);
  });
}

const BUILDS = /\bdocker (?:buildx )?build\b|docker\/(?:build-push|bake)-action|\bdocker[ -]compose\b.*\bbuild\b/;
const BEGIN = "Written by stationmaster generate, which keeps only this part up to date.";

/** Jobs that build the images, as a marked part at the end of a workflow of people; undefined where it builds images, or where nothing can be added behind its jobs. */
export function imagesBeside(path: string, plan: Plan): GeneratedFile | undefined {
  const text = plan.tree.text(path) ?? "";
  const part = regionIn(path, text);
  const theirs = part === undefined ? text : text.replace(part, "");
  if (BUILDS.test(theirs)) return undefined;
  const jobs: Values = imageJobs(plan, () => ({ permissions: { contents: "read" } }));
  const [first, ...others] = Object.keys(jobs);
  const indent = first === undefined ? undefined : roomBehindJobs(theirs, [first, ...others]);
  if (first === undefined || indent === undefined) return undefined;
  const more = pinned(yamlText(jobs, { comments: [[[first], BEGIN]] }), plan.pins);
  return {
    path,
    text: more.replace(/^(?=.)/gm, " ".repeat(indent)),
    ownership: "patch",
    why: "builds the images on every change, beside the tests that were there",
  };
}

/** By how much jobs are indented, where they stand last in a workflow and none has one of these names. */
function roomBehindJobs(text: string, names: readonly string[]): number | undefined {
  const document = parseDocument(text);
  const root = document.contents;
  if (document.errors.length > 0 || !isMap(root) || root.flow) return undefined;
  const last = root.items.at(-1);
  const jobs = last?.value;
  if (!isScalar(last?.key) || last.key.value !== "jobs" || !isMap(jobs) || jobs.flow) return undefined;
  const key = jobs.items[0]?.key;
  const offset = isScalar(key) ? key.range?.[0] : undefined;
  if (offset === undefined || names.some((name) => jobs.has(name))) return undefined;
  // A marker ends the document, and what comes behind it is no job.
  if (/^(?:\.\.\.|---)\s*$/m.test(text.slice(offset))) return undefined;
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

const TESTS =
  /\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:test|ci:test|test:ci)\b|\bpytest\b|\btox\b|\bgo test\b|\bcargo (?:test|nextest)\b|\bmvnw?\b.*\b(?:test|verify)\b|\bgradlew?\b.*\b(?:test|check|build)\b|\brspec\b|\brails test\b|\bphpunit\b|\bcomposer (?:run )?test\b|\bartisan test\b|\bdotnet test\b|\bmix test\b|\bmake (?:test|check)\b/;
