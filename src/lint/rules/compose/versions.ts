import { stringAt } from "../../../formats/document.ts";
import { imageName } from "../../../formats/image-name.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { complain } from "../places.ts";
import { imageOf } from "./images.ts";
import { type ComposeFile, composeOf } from "./model.ts";
import { isNamedProduction } from "./purpose.ts";

const MOVING = /^(?:latest|edge|nightly|master|main|dev|canary|next|lts|stable|current|mainline)(?:-|$)/;

/** SM14 */
export const versions: Rule = {
  id: "SM14",
  title: "the form of today, images with a version",
  help: "Compose ignores `version` and warns of it. An image without a version is whatever was pushed last: a restart may bring another database.",
  severity: "warning",
  origins: [],
  kinds: ["compose"],
  fixable: true,
  check(file, context) {
    const compose = composeOf(file, context);
    return [...obsolete(file, compose), ...moving(compose, context)];
  },
};

function obsolete(file: LintFile, { document, value, legacy }: ComposeFile): Complaint[] {
  if (legacy)
    return [complain(document, [], "services stand at the root, as in the first form: put them below `services:`")];
  if (!("version" in value)) return [];
  const place = document.place(["version"]);
  const line = place ? file.lines[place.line - 1] : undefined;
  // A line of its own, not one of a map in braces.
  const alone = place && line !== undefined && /^["']?version["']?\s*:[^\n{}]*$/.test(line);
  const start = alone ? file.lines.slice(0, place.line - 1).reduce((sum, text) => sum + text.length + 1, 0) : 0;
  const blank = alone && file.lines[place.line]?.trim() === "" ? (file.lines[place.line]?.length ?? 0) + 1 : 0;
  const end = alone ? Math.min(file.text.length, start + (line?.length ?? 0) + 1 + blank) : 0;
  return [
    complain(document, ["version"], "`version` is obsolete: Compose ignores it and warns, remove it", {
      ...(alone ? { fix: { description: "remove version", edits: [{ start, end, text: "" }] } } : {}),
    }),
  ];
}

function moving(compose: ComposeFile, context: Pick<RuleContext, "files">): Complaint[] {
  const { services, document } = compose;
  const built = new Set(
    [...services, ...(compose.base?.services ?? [])].flatMap(({ value }) =>
      "build" in value ? [stringAt(value, ["image"])] : [],
    ),
  );
  const severity = isNamedProduction(compose) ? "error" : "warning";
  return services.flatMap(({ own, value, path, name }) => {
    const image = stringAt(own, ["image"]);
    // With `build` it is the name that the result gets.
    if (image === undefined || "build" in value || built.has(image)) return [];
    const parts = imageName(imageOf(own) ?? "");
    if (!parts || parts.digest !== undefined || isBuiltElsewhere(parts.repository, name, context)) return [];
    const { tag, open } = parts;
    const say = (message: string) => [complain(document, [...path, "image"], message, { severity })];
    if (tag === undefined)
      return open ? [] : say(`${image} has no version: name one, so that a restart brings the same image`);
    return MOVING.test(tag) && !/\$/.test(tag)
      ? say(`${image} moves to the newest release: name a version instead of ${tag}`)
      : [];
  });
}

/** An image without registry and publisher that no registry has, as one that a script builds before. */
function isBuiltElsewhere(repository: string, service: string, { files }: Pick<RuleContext, "files">): boolean {
  return (
    !repository.includes("/") &&
    files.some(
      ({ kind, text }) =>
        kind !== "compose" &&
        new RegExp(`docker (?:buildx )?build[^\\n]*(?:-t|--tag)[ =]${repository.replace(/\W/g, "\\$&")}\\b`).test(text),
    ) &&
    service !== repository
  );
}
