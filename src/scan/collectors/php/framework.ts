import { stringAt } from "../../../formats/document.ts";
import { places } from "../../../formats/text.ts";
import { baseOf } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { PHP_FRAMEWORKS, PHP_SERVERS, type PhpFramework } from "../../tables/php-frameworks.ts";
import { askedAt, type PhpProject } from "./project.ts";

/** The framework of a unit. */
export interface FrameworkUse {
  id: string;
  confidence: number;
  at: Evidence[];
  /** Folders that it may publish. */
  roots: readonly string[];
  /** Of a framework with a server of its own. */
  own: { command: string; port: number } | undefined;
}

/** What composer.json asks for and what lies there; a library that is made for a framework does not use it. */
export function findFramework(project: PhpProject): FrameworkUse | undefined {
  for (const { id, packages, file, command, port } of PHP_SERVERS) {
    const declared = project.needs(...packages);
    const shown = project.file(file);
    if (declared && shown !== undefined)
      return {
        id,
        confidence: 1,
        at: [askedAt(project, declared), project.view.seen(shown, 1, id)],
        roots: [],
        own: { command, port },
      };
  }
  const uses = PHP_FRAMEWORKS.flatMap((framework) => useOf(project, framework) ?? []);
  return uses.sort((a, b) => b.confidence - a.confidence)[0];
}

function useOf(project: PhpProject, { id, packages, files, roots }: PhpFramework): FrameworkUse | undefined {
  const declared = project.needs(...packages);
  const shown = files.map((file) => project.file(file)).find((path) => path !== undefined);
  const front = [...roots, "public", "."]
    .map((root) => project.file(root === "." ? "index.php" : `${root}/index.php`))
    .find((path) => path !== undefined);
  const isLibrary = isPackage(project) && front === undefined && shown === undefined;
  if (isLibrary || (!declared && !isOwnCode(project, id, shown))) return undefined;
  const seen = shown ?? front;
  const at = [
    ...(declared ? [askedAt(project, declared)] : []),
    ...(seen === undefined ? [] : [project.view.seen(seen, 1, id)]),
  ];
  const confidence = declared && seen !== undefined ? 1 : declared ? 0.7 : 0.85;
  return { id, confidence, at, roots, own: undefined };
}

/** Frameworks that lie in the repository themselves: WordPress, CodeIgniter 3, Drupal. */
function isOwnCode({ mentions, manifest }: PhpProject, id: string, shown: string | undefined): boolean {
  if (shown === undefined) return false;
  if (["wordpress", "drupal"].includes(id)) return /wp-|Drupal\.php$/.test(shown);
  if (id === "codeigniter") return shown.endsWith("system/core/CodeIgniter.php") || shown.endsWith("spark");
  // A manifest that cannot be read leaves the files as witnesses.
  const isUnreadable = manifest !== undefined && manifest.document.value === undefined;
  return (
    isUnreadable &&
    !mentions() &&
    ["laravel", "symfony", "cakephp", "yii"].includes(id) &&
    /(?:artisan|bin\/console|bin\/cake|yii)$/.test(shown)
  );
}

/** Whether composer.json describes something that others install. */
export function isPackage({ manifest }: PhpProject): boolean {
  const type = stringAt(manifest?.document.value, ["type"]);
  const name = stringAt(manifest?.document.value, ["name"]);
  return type === undefined
    ? name !== undefined && !/^(?:laravel\/laravel|symfony\/skeleton)$/.test(name)
    : type !== "project";
}

const HEADERS: readonly { file: RegExp; header: RegExp }[] = [
  { file: /^style\.css$/, header: /^[\s/*#@]*Theme Name:\s*\S/m },
  { file: /^[\w.-]+\.php$/, header: /^[\s/*#@]*Plugin Name:\s*\S/m },
  { file: /^\w+\.info\.yml$/, header: /^type:\s*["']?(?:module|theme|profile)\b/m },
];

/** The header that makes a folder a theme or a plugin, which a site of WordPress or Drupal loads. */
export function extensionHeader({ view, file }: PhpProject): Evidence | undefined {
  if (file("wp-load.php") !== undefined || file("wp-includes/version.php") !== undefined) return undefined;
  for (const path of view.snapshot.inFolder(view.unit.path))
    for (const { file: name, header } of HEADERS) {
      const text = name.test(baseOf(path)) ? (view.snapshot.text(path) ?? "").slice(0, HEAD) : "";
      const match = header.exec(text);
      if (match) return view.seen(path, places(text)(match.index + match[0].length - 1).line, "extension");
    }
  return undefined;
}

/** WordPress reads the headers in the first 8 KiB of a file. */
const HEAD = 8192;
