import { recordAt } from "../../formats/document.ts";
import { parseJson } from "../../formats/json.ts";
import { baseOf, type Tree } from "../../formats/tree.ts";
import { at, baseImageOf, inheritedInstructions } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import { isPlainImage } from "./base-images.ts";
import { presenceOf, sourcesOf } from "./layers.ts";
import { startOf } from "./start.ts";
import type { Walked } from "./walk.ts";

/** Images that start a shell or a prompt by themselves, so that somebody must say what to run. */
const IDLE =
  /^(?:node|python|ruby|golang|rust|debian|ubuntu|alpine|openjdk|eclipse-temurin|amazoncorretto|elixir|erlang|perl|busybox)$/;
const NODE = new Set(["node", "npm", "yarn", "pnpm", "npx", "tsx", "next", "nest", "nuxt", "remix-serve"]);

/** What an image lacks as a whole: a command, the packages of its program. */
export function outcomeProblems(file: LintFile, tree: Tree, walked: Walked): Complaint[] {
  const { document } = walked;
  const stage = document.stages.at(-1);
  if (!stage) return [];
  const start = startOf(file, document, stage);
  if (start) return withoutPackages(file, tree, walked);
  const image = baseImageOf(document, stage);
  const copies = inheritedInstructions(document, stage).some(({ keyword }) => keyword === "COPY" || keyword === "ADD");
  const name = baseOf(image).replace(/[:@].*$/, "");
  if (!copies || !walked.context.credible || !isPlainImage(image) || !IDLE.test(name)) return [];
  const where = { line: stage.line, endLine: stage.line };
  return [at(file, where, `no CMD and no ENTRYPOINT: ${image} starts nothing of yours`, { severity: "warning" })];
}

/** A program of Node whose packages nobody installed. */
function withoutPackages(file: LintFile, tree: Tree, { document, ends, context }: Walked): Complaint[] {
  const end = ends.at(-1);
  const stage = document.stages.at(-1);
  const start = stage && startOf(file, document, stage);
  const program = baseOf(start?.steps.findLast(({ depth }) => depth === 0)?.argv[0] ?? "");
  if (!end || !start || !NODE.has(program) || !context.credible || start.scripted || context.mounts.length > 0)
    return [];
  const { layers, workdir } = end;
  const [manifest] = sourcesOf(layers, `${workdir === "/" ? "" : workdir}/package.json`);
  const text = manifest === undefined ? undefined : tree.text(manifest);
  const needed = text === undefined ? [] : Object.keys(recordAt(parseJson(text).value, ["dependencies"]));
  if (needed.length === 0 || context.allOf(".pnp.cjs").length > 0) return [];
  const parts = workdir.split("/").filter((part) => part !== "");
  const folders = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  if (folders.length === 0 || folders.some((folder) => presenceOf(layers, `${folder}/node_modules`) !== "no"))
    return [];
  return [
    at(
      file,
      start.instruction,
      `nothing installs the dependencies of ${manifest}, such as ${needed[0]}: add npm ci, or copy node_modules from a stage`,
    ),
  ];
}
