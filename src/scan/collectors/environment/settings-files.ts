import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { Site } from "../../declared/reach.ts";
import type { Snapshot } from "../../snapshot.ts";
import { located } from "./code.ts";
import { readHocon, readPlaceholders } from "./languages/jvm.ts";
import { readSymfony } from "./languages/php.ts";
import { readRuby } from "./languages/ruby.ts";
import type { Found, Read } from "./read.ts";

/** Settings files that take variables, and how they write them. */
const FORMS: readonly { name: RegExp; marker: RegExp; read: (text: string) => Found[] }[] = [
  {
    name: /(?:^|\/)(?:application|bootstrap)(?:-(?!(?:dev|local|test)\b)[\w-]+)?\.(?:properties|ya?ml)$/,
    marker: /\$/,
    read: (text) => [...readPlaceholders(text), ...readKtor(text)],
  },
  { name: /(?:^|\/)(?:resources|conf)\/[\w-]+\.conf$/, marker: /\$\{/, read: readHocon },
  { name: /(?:^|\/)config\/[^/]+\.ya?ml(?:\.erb)?$/, marker: /<%.*\bENV\b/, read: readRuby },
  { name: /(?:^|\/)config\/.*\.(?:ya?ml|xml|php)$/, marker: /env\(/, read: readSymfony },
  { name: /\.prisma$/, marker: /\benv\(/, read: readPrisma },
];
const ASIDE = /(?:^|\/)(?:src\/test|tests?|spec|fixtures|examples?|\.github)\//;

/** Variables that the settings files of a site take. */
export function readsOfSettings(snapshot: Snapshot, { files }: Pick<Site, "files">): Read[] {
  return files.flatMap((file) => {
    const forms = ASIDE.test(file) ? [] : FORMS.filter(({ name }) => name.test(file));
    const text = forms.length > 0 ? withoutComments(file, snapshot.text(file) ?? "") : "";
    return forms.flatMap(({ marker, read }) => (marker.test(text) ? located(file, text, read(text)) : []));
  });
}

function withoutComments(file: string, text: string): string {
  const mark =
    extensionOf(file) === "prisma" || baseOf(file).endsWith(".conf") ? /^[ \t]*(?:#|\/\/).*$/gm : /^[ \t]*#.*$/gm;
  return text.replace(mark, (line) => " ".repeat(line.length));
}

/** `"$PORT:8080"` in the YAML files of Ktor. */
function readKtor(text: string): Found[] {
  return [...text.matchAll(/["'](\$\??)([A-Z][A-Z0-9_]*)(?::([^"']*))?["']/g)].map((match): Found => {
    const [, mark, name = "", value] = match;
    const need = value === undefined && mark === "$" ? "must" : "soft";
    return { name, at: match.index, rule: "placeholder", need, ...(value ? { default: value } : {}) };
  });
}

function readPrisma(text: string): Found[] {
  return [...text.matchAll(/\benv\(\s*["'](\w+)["']\s*\)/g)].map((match): Found => {
    // The direct address and the one of the shadow database are for migrations.
    const isAside = /\b(?:shadowDatabaseUrl)\s*=\s*$/.test(text.slice(Math.max(0, match.index - 40), match.index));
    return { name: match[1] ?? "", at: match.index, rule: "prisma-schema", need: isAside ? "soft" : "must" };
  });
}
