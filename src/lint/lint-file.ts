import { lazy } from "../core/lazy.ts";
import type { Document, Place } from "../formats/document.ts";
import { parseJson } from "../formats/json.ts";
import { places } from "../formats/text.ts";
import { extensionOf } from "../formats/tree.ts";
import { parseYamlStream } from "../formats/yaml.ts";
import type { FileKind } from "./kinds.ts";

/** A file under check. Parsed when a rule first asks. */
export interface LintFile {
  path: string;
  kind: FileKind;
  text: string;
  lines: readonly string[];
  /** Documents of YAML or JSON; empty for other files. */
  documents(): readonly Document[];
  /** The place of an offset of the text. */
  placeAt(offset: number): Place;
}

/** A file for rules. */
export function lintFile(path: string, kind: FileKind, text: string): LintFile {
  const lines = lazy(() => text.split("\n"));
  const at = lazy(() => places(text));
  return {
    path,
    kind,
    text,
    get lines() {
      return lines();
    },
    documents: lazy(() => {
      const extension = extensionOf(path);
      if (extension === "json") return [parseJson(text)];
      return extension === "yml" || extension === "yaml" ? parseYamlStream(text) : [];
    }),
    placeAt: (offset) => at()(offset),
  };
}
