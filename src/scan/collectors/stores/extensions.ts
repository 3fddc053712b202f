import { extensionOf } from "../../../formats/tree.ts";
import type { Ecosystem } from "../../declared/dependency.ts";
import type { Site } from "../../declared/reach.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";
import type { Snapshot } from "../../snapshot.ts";

const NAMED = [
  /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?\\?["'`]?([a-z][\w-]*)/gi,
  /\benable_extension[\s(]+["']([\w-]+)["']/g,
  /\bCreateExtension\(\s*["']([\w-]+)["']/g,
  /\bCREATE\s+EXTENSION\s+IF\s+NOT\s+EXISTS\s+"?([a-z][\w-]*)/g,
  /\bHasPostgresExtension\(\s*"([\w-]+)"/g,
];
const CLASSES: Record<string, string> = {
  VectorExtension: "vector",
  TrigramExtension: "pg_trgm",
  UnaccentExtension: "unaccent",
  HStoreExtension: "hstore",
  CITextExtension: "citext",
  CryptoExtension: "pgcrypto",
  BtreeGinExtension: "btree_gin",
  BtreeGistExtension: "btree_gist",
};
const READ = new Set("sql py rb ex exs js ts mjs cjs go rs prisma php cs java kt".split(" "));
/** Packages that work with an extension only. */
const PACKAGES: readonly [Ecosystem, name: string, extension: string][] = [
  ["npm", "pgvector", "vector"],
  ["pypi", "pgvector", "vector"],
  ["rubygems", "neighbor", "vector"],
  ["rubygems", "pgvector", "vector"],
  ["hex", "pgvector", "vector"],
  ["cargo", "pgvector", "vector"],
  ["nuget", "pgvector.entityframeworkcore", "vector"],
  ["go", "github.com/pgvector/pgvector-go", "vector"],
  ["pypi", "geoalchemy2", "postgis"],
  ["rubygems", "activerecord-postgis-adapter", "postgis"],
  ["hex", "geo_postgis", "postgis"],
  ["nuget", "npgsql.entityframeworkcore.postgresql.nettopologysuite", "postgis"],
];
const WORDS = ["xtension", "EXTENSION", "backends.postgis"];
/** Always there. */
const OWN = new Set(["plpgsql"]);

/** Extensions of PostgreSQL that migrations, schemas and packages of the sites ask for, by the names people know. */
export function postgresExtensions(snapshot: Snapshot, sites: readonly Site[]): string[] {
  const found = new Set<string>();
  for (const { folder, files } of sites) {
    const declared = dependenciesOf(snapshot, folder);
    for (const [ecosystem, name, extension] of PACKAGES)
      if (findDependency(declared, ecosystem, name)) found.add(extension);
    for (const file of files) {
      const text = READ.has(extensionOf(file)) ? (snapshot.text(file) ?? "") : "";
      if (!WORDS.some((word) => text.includes(word))) continue;
      for (const name of named(text, extensionOf(file))) found.add(name);
    }
  }
  return [...found]
    .filter((name) => !OWN.has(name))
    .map((name) => (name === "vector" ? "pgvector" : name))
    .sort();
}

function named(text: string, extension: string): string[] {
  const bare = text.replace(/^[ \t]*(?:--|#|\/\/).*$/gm, "");
  const classes = Object.entries(CLASSES).flatMap(([name, value]) => (bare.includes(`${name}(`) ? [value] : []));
  const backend = /["']django\.contrib\.gis\.db\.backends\.postgis["']/.test(bare) ? ["postgis"] : [];
  const listed = extension === "prisma" ? /\bextensions\s*=\s*\[([^\]]*)\]/.exec(bare)?.[1] : undefined;
  const ofPrisma = (listed ?? "").match(/\w+(?=\s*(?:\([^)]*\))?\s*(?:,|$))/g) ?? [];
  const mapped = [...(listed ?? "").matchAll(/\bmap\s*:\s*"([\w-]+)"/g)].map(([, name = ""]) => name);
  return [
    ...NAMED.flatMap((pattern) => [...bare.matchAll(pattern)].map(([, name = ""]) => name.toLowerCase())),
    ...classes,
    ...backend,
    ...ofPrisma.map((name) =>
      name === "uuidOssp" || name === "pgvector" ? (name === "pgvector" ? "vector" : "uuid-ossp") : name,
    ),
    ...mapped,
  ];
}
