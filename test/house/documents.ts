import { globSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { ROOT, read } from "./files.ts";

const FENCE = /^(?:```|~~~)[^\n]*\n([\s\S]*?)^(?:```|~~~)\s*$/gm;

/** The insides of the fenced blocks of a Markdown text. */
export function fencedBlocks(text: string): string[] {
  return [...text.matchAll(FENCE)].map((match) => match[1] ?? "");
}

/** The paths a text names in back-ticks; `<id>` and the like stand for any name. */
export function namedPaths(text: string): string[] {
  const spans = [...text.replace(FENCE, "").matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  return spans.filter((span) => /^[\w.<>*{},@-]+(\/[\w.<>*{},@-]*)+$|^[\w.-]+\.(md|json|yaml|ts|js|cjs)$/.test(span));
}

/** Whether a path of the repository exists. */
export function pathExists(path: string): boolean {
  return globSync(path.replace(/<[^>]*>/g, "*").replace(/\/$/, ""), { cwd: ROOT }).length > 0;
}

/** Local links and pictures of a Markdown file whose file or heading does not exist. */
export function brokenLinks(file: string): string[] {
  const text = read(file)
    .replace(FENCE, "")
    .replace(/`[^`\n]*`/g, "code");
  const targets = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|(?:src|href)="([^"]+)"/g)];
  return targets
    .map((match) => match[1] ?? match[2] ?? "")
    .filter((target) => !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target))
    .filter((target) => !resolves(file, target));
}

function resolves(file: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const found = path === "" ? file : normalize(join(dirname(file), decodeURI(path)));
  if (found.startsWith("..") || !pathExists(found)) return false;
  return anchor === undefined || !found.endsWith(".md") || anchors(read(found)).has(anchor);
}

/** The anchors a Markdown text offers: its headings as GitHub spells them, and explicit ids. */
function anchors(text: string): Set<string> {
  const headings = [...text.replace(FENCE, "").matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map((match) => slug(match[1] ?? ""));
  const ids = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? "");
  return new Set([...headings, ...ids]);
}

function slug(heading: string): string {
  const plain = heading.replace(/[`*]/g, "").toLowerCase();
  return plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}
