import { extensionOf, joinPath } from "../../formats/tree.ts";
import type { Found } from "./rule.ts";
import type { GapSite } from "./site.ts";
import { snippetFor } from "./snippets/index.ts";
import type { Topic } from "./snippets/snippet.ts";

/** The words that close a gap, for the framework and the kind of modules of the service. */
export function patchFor(site: GapSite, topic: Topic): Found["patch"] {
  const found = snippetFor(topic, site.framework, site.language);
  if (!found) return undefined;
  const own = found.file === undefined ? undefined : joinPath(site.service.unit.path, existing(site, found.file));
  const file = own ?? site.entry.file;
  return { file, text: own === undefined && isCommonJs(site) ? withRequire(found.text) : found.text };
}

/** Projects have their routes in `src/app`, their settings in YAML, their builds in Gradle. */
function existing({ service, snapshot }: GapSite, file: string): string {
  const path = (name: string) => joinPath(service.unit.path, name) ?? name;
  const inSource = ["src/app", "src/pages"].some((folder) => snapshot.folders.includes(path(folder)));
  if (file.startsWith("app/") && inSource) return `src/${file}`;
  return file;
}

/** Whether the file that starts the application loads others with `require`. */
function isCommonJs({ entry, snapshot }: GapSite): boolean {
  const extension = extensionOf(entry.file);
  if (extension === "cjs") return true;
  const code = extension === "js" ? (snapshot.code(entry.file)?.code ?? "") : "";
  return /\brequire\s*\(/.test(code) && !/^[ \t]*import\s/m.test(code);
}

function withRequire(text: string): string {
  return text
    .replace(/^import\s+(\w+|\{[^}]*\})\s+from\s+("[^"]+");$/gm, "const $1 = require($2);")
    .replace(/^export (?=const )/gm, "");
}
