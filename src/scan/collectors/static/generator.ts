import { type Document, stringAt } from "../../../formats/document.ts";
import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { manifestsIn } from "../../markers.ts";
import { GENERATORS, type Generator } from "../../tables/static-generators.ts";
import { claimSite } from "./site.ts";

/** Claims a site of a generator by its configuration; whether the unit is one. */
export function claimGenerator(view: View): boolean {
  for (const generator of GENERATORS)
    for (const name of generator.files) {
      const file = view.path(name);
      if (file !== undefined && view.snapshot.has(file) && isOwn(view, generator, file))
        return claim(view, generator, file);
    }
  return false;
}

function isOwn(view: View, { words, folders }: Generator, file: string): boolean {
  if (words && !words.test(view.snapshot.text(file) ?? "")) return false;
  return !folders || folders.some((folder) => view.snapshot.folders.includes(view.path(folder) ?? ""));
}

function claim(view: View, generator: Generator, file: string): boolean {
  const others = manifestsIn(view.snapshot, view.unit.path).filter(
    (base) => !generator.beside.includes(base) && !generator.files.includes(base),
  );
  const code =
    generator.id === "mkdocs" ? view.sources.filter((path) => extensionOf(path) === "py" && !isHook(path)) : [];
  if (others.length > 0 || code.length > 0) {
    view.miss("framework", `${generator.id} makes the documents of an application`, view.seen(file, 1, generator.id));
    return false;
  }
  const document = read(view, file);
  const key = generator.outputKeys.find((path) => stringAt(document.value, path) !== undefined);
  const output = key && stringAt(document.value, key);
  claimSite(view, {
    framework: generator.id,
    build: generator.build,
    output: output ?? generator.output,
    source: "project",
    confidence: 0.95,
    at: output ? view.seenAt(file, document, key as string[], generator.id) : view.seen(file, 1, generator.id),
  });
  return true;
}

function isHook(path: string): boolean {
  return /(?:^|\/)(?:hooks?|macros|main|overrides)(?:\/|\.py$)/.test(path);
}

function read({ snapshot }: View, file: string): Document {
  const extension = extensionOf(file);
  if (extension === "json") return snapshot.json(file);
  return extension === "toml" ? snapshot.toml(file) : snapshot.yaml(file);
}
