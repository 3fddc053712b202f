import { extensionOf } from "../../../formats/tree.ts";
import type { Project } from "./project.ts";

const TYPED = new Set(["ts", "tsx", "mts", "cts"]);
const PLAIN = new Set(["js", "jsx", "mjs", "cjs"]);
const MIXED = new Set(["vue", "svelte", "astro"]);
const TYPED_BLOCK = /<script\b[^>]*\blang=["'](?:ts|tsx)["']/;
const BLOCK = /<script\b/;
const TYPED_CONFIG = /^(?:tsconfig(?:\.\w+)?\.json|[\w-]+\.config\.[cm]?ts)$/;

/** Claims what the package is written in: what most of its sources are; without any, what it is set up for. */
export function claimLanguage(project: Project, entry: string | undefined): void {
  const { view, has, here, at } = project;
  const own = view.sources.map((path) => [path, extensionOf(path)] as const);
  const config = [...here].toSorted(byKind).find((base) => TYPED_CONFIG.test(base));
  const file = config === undefined ? undefined : view.path(config);
  const typescript = file !== undefined || has("typescript") !== undefined;
  const mixed = own.filter(([, extension]) => MIXED.has(extension));
  const texts = mixed.map(([path]) => view.snapshot.text(path) ?? "");
  const blocks = texts.filter((text) => TYPED_BLOCK.test(text)).length;
  // A template alone is written in neither.
  const scripts = texts.filter((text) => BLOCK.test(text)).length;
  const typed = own.filter(([, extension]) => TYPED.has(extension)).length + blocks;
  const plain = own.filter(([, extension]) => PLAIN.has(extension)).length + (blocks > 0 ? 0 : scripts);
  const seen = file === undefined ? at([], "manifest") : view.seen(file, 1, "tsconfig");
  if (typed + plain === 0)
    return void view.claim("language", typescript ? "TypeScript" : "JavaScript", { source: "convention", at: seen });
  // Few scripts of tools beside the sources say nothing: where a program begins says more.
  const starts = entry !== undefined && TYPED.has(extensionOf(entry));
  const value =
    typed > 0 && (starts || typed >= plain || (file !== undefined && own.length === mixed.length))
      ? "TypeScript"
      : "JavaScript";
  view.claim("language", value, {
    source: "project",
    confidence: value === "TypeScript" && !typescript ? 0.85 : 0.95,
    at: seen,
  });
}

/** `tsconfig.json` shows more than the configuration of a tool. */
function byKind(a: string, b: string): number {
  return Number(b.startsWith("tsconfig")) - Number(a.startsWith("tsconfig"));
}
