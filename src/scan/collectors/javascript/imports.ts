import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn } from "../../search.ts";

/** Larger files were written by programs. */
const LARGEST = 200_000;
const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Files of the unit's code that may hold JavaScript: by their name, or `bin/www` and the like by their first line. */
export function scriptsOf({ files, sources, snapshot }: View): string[] {
  const named = sources.filter((path) => CODE.test(path) && snapshot.size(path) <= LARGEST);
  const started = files.filter(
    (path) => /(?:^|\/)bin\/[\w-]+$/.test(path) && /^#!.*\b(?:node|bun|deno|tsx)\b/.test(snapshot.text(path) ?? ""),
  );
  return [...named, ...started];
}

/** Where the unit's code first imports one of these packages, or a part of one. */
export function importOf(view: View, packages: readonly string[]): Evidence | undefined {
  const names = packages.map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|");
  const quick = new RegExp(`["'](?:npm:|jsr:)?(?:${names})[@/"']`);
  const imports = new RegExp(
    `(?:from|require\\(|import\\(|import)\\s*["'](?:npm:|jsr:)?(?:${names})(?:@[^"'/]*)?(?:/[^"']*)?["']`,
    "g",
  );
  for (const file of scriptsOf(view)) {
    // Looked for in the text first: most files have none, and reading them closely takes longer.
    if (!quick.test(view.snapshot.text(file) ?? "")) continue;
    const [hit] = hitsIn(view.snapshot.code(file, "javascript")?.code ?? "", imports, file);
    if (hit) return view.seen(file, hit.place, "import");
  }
  return undefined;
}

/** What only Deno takes: its global object, modules by their address. */
const DENO =
  /\bDeno\.(?:serve|env|readFile|readTextFile|listen|Command|args|openKv|cwd|writeTextFile|exit)\b|(?:from|import)\s*\(?\s*["'](?:https:\/\/(?:deno\.land|esm\.sh|jsr\.io)\/|jsr:|npm:)/;

/** Whether the unit's code is made for Deno. */
export function isDenoCode(view: View): boolean {
  return scriptsOf(view).some(
    (file) =>
      DENO.test(view.snapshot.text(file) ?? "") && DENO.test(view.snapshot.code(file, "javascript")?.code ?? ""),
  );
}
