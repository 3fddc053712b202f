import { lazy } from "../../../core/lazy.ts";
import { recordAt, stringAt } from "../../../formats/document.ts";
import { matchesIn } from "../../../formats/needed-words.ts";
import { places } from "../../../formats/text.ts";
import { baseOf, extensionOf, folderOf } from "../../../formats/tree.ts";
import type { Site } from "../../declared/reach.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Snapshot } from "../../snapshot.ts";
import { storeOfDriver } from "../../tables/stores.ts";
import { isBeside } from "../environment/beside.ts";
import type { Signal } from "./signal.ts";

/** What the configurations of mappers say of their databases. */
export function mapperSignals(snapshot: Snapshot, site: Site): Signal[] {
  const isMapped = lazy(() => hasMapper(snapshot, site.folder));
  const own = lazy(() => new Set(site.sources));
  return site.files.flatMap((file) => {
    const base = baseOf(file);
    if (extensionOf(file) === "prisma") return prisma(snapshot, file);
    if (base === "ormconfig.json" || /(?:^|\/)config\/config\.json$/.test(file)) return json(snapshot, file);
    if (/(?:^|\/)config\/(?:database|cable)\.ya?ml$/.test(file)) return rails(snapshot, file);
    if (/^(?:wp-config|wp-config-sample|wp-settings)\.php$/.test(base))
      return [{ kind: "mysql", role: "settings", file, place: undefined, rule: "wordpress" }];
    const isCode = /^(?:[cm]?[jt]s|tsx)$/.test(extensionOf(file)) && isMapped();
    return isCode && (own().has(file) || /\.config\.[cm]?[jt]s$/.test(base)) ? javascript(snapshot, file) : [];
  });
}

function prisma(snapshot: Snapshot, file: string): Signal[] {
  const text = (snapshot.text(file) ?? "").replace(/\/\/[^\n]*/g, (comment) => " ".repeat(comment.length));
  const at = places(text);
  return [...text.matchAll(/\bdatasource\s+\w+\s*\{([^}]*)\}/g)].flatMap((match): Signal[] => {
    const body = match[1] ?? "";
    const provider = /\bprovider\s*=\s*["'](\w+)["']/.exec(body);
    const kind = provider?.[1] === undefined ? undefined : storeOfDriver(provider[1]);
    const variable = /\burl\s*=\s*env\(\s*["'](\w+)["']\s*\)/.exec(body)?.[1];
    if (!provider || kind === undefined) return [];
    const place = at(match.index + match[0].indexOf("{") + 1 + provider.index);
    return [{ kind, role: "settings", file, place, rule: "prisma", ...(variable === undefined ? {} : { variable }) }];
  });
}

/** `ormconfig.json` of TypeORM and `config/config.json` of Sequelize: for all, or for each environment. */
function json(snapshot: Snapshot, file: string): Signal[] {
  const document = snapshot.json(file);
  const blocks: (string | number)[][] = Array.isArray(document.value)
    ? document.value.map((_, index) => [index])
    : [[], ...Object.keys(recordAt(document.value)).map((key) => [key])];
  return blocks.flatMap((path) =>
    ["dialect", "type"].flatMap((key): Signal[] => {
      const kind = storeOfDriver(stringAt(document.value, [...path, key]) ?? "");
      const variable = stringAt(document.value, [...path, "use_env_variable"]);
      if (kind === undefined) return [];
      const isFallback = /^(?:dev|test|local)/.test(String(path[0] ?? ""));
      return [
        {
          kind,
          role: "settings",
          file,
          place: document.place([...path, key]),
          rule: "mapper-settings",
          ...(isFallback ? { isFallback } : {}),
          ...(variable === undefined ? {} : { variable }),
        },
      ];
    }),
  );
}

/** `database.yml` and `cable.yml`: ERB in them makes them no YAML. */
function rails(snapshot: Snapshot, file: string): Signal[] {
  let section = "";
  const found: (Signal & { section: string })[] = [];
  for (const [index, line] of (snapshot.text(file) ?? "").split("\n").entries()) {
    section = /^(\w+):/.exec(line)?.[1] ?? section;
    const adapter = /^\s+adapter:\s*["']?(\w+)/.exec(line)?.[1] ?? /^\s+adapter:.*\|\|\s*["'](\w+)/.exec(line)?.[1];
    const kind = adapter === undefined ? undefined : adapter === "postgis" ? "postgres" : storeOfDriver(adapter);
    const variable = /^\s+url:\s*<%=.*?\bENV(?:\.fetch\(|\[)\s*["'](\w+)/.exec(line)?.[1];
    const last = found.findLast((one) => one.section === section || one.section === "default");
    if (kind !== undefined)
      found.push({
        kind,
        role: "settings",
        file,
        place: { line: index + 1, column: line.search(/\S/) + 1 },
        rule: "rails",
        section,
      });
    else if (variable !== undefined && last && section === "production") last.variable ??= variable;
  }
  const isOwn = found.some((one) => one.section === "production");
  return found.map(({ section: of, ...signal }) => {
    const isFallback = /^(?:development|test)/.test(of) || (isOwn && of !== "production" && of !== "default");
    return isFallback ? { ...signal, isFallback } : signal;
  });
}

const OPTION =
  /\b(dialect|client|type|provider|driver)["']?\s*:\s*(?:[\w.]+(?:\([^)]*\))?\s*(?:\|\||\?\?)\s*)?["'`]([\w-]+)["'`](?:\s*as\s+(?:const|\w+))?/g;
/** Words of files in which an option of that name is one of a mapper. */
const ABOUT: Record<string, RegExp> = {
  dialect: /drizzle|sequelize|dialect/i,
  client: /knex|strapi|lucid|objection|bookshelf|connection/i,
  type: /typeorm|DataSource|createConnection|forRoot|mikro-?orm/i,
  provider: /keystone/i,
  driver: /drizzle|mikro-?orm|lucid|adonis/i,
};
const DIALECTS =
  /\bnew\s+(Postgres|Mysql|Sqlite|Mssql)Dialect\s*\(|\bdrizzle-orm\/(node-postgres|postgres-js|neon-http|neon-serverless|vercel-postgres|mysql2|planetscale-serverless|better-sqlite3|bun-sqlite)\b/g;
const DIALECT_KINDS: Record<string, string> = {
  mssql: "sqlserver",
  "node-postgres": "postgres",
  "postgres-js": "postgres",
  "neon-http": "postgres",
  "neon-serverless": "postgres",
  "vercel-postgres": "postgres",
  "planetscale-serverless": "mysql",
  "bun-sqlite": "sqlite",
};
const VARIABLE =
  /\b(?:url|connectionString|uri|connection)\s*:\s*(?:\{\s*(?:url|connectionString)\s*:\s*)?(?:process\.env\.|env\.|process\.env\[["'])([A-Z]\w*)/;

const MAPPERS =
  /^(?:drizzle-orm|typeorm|@nestjs\/typeorm|sequelize(?:-typescript)?|@nestjs\/sequelize|knex|objection|bookshelf|kysely|@mikro-orm\/\w+|@keystone-6\/core|@strapi\/strapi|@adonisjs\/lucid|@payloadcms\/\w[\w-]*)$/;

/** Whether the package, or one of the folders above it, has a mapper of JavaScript. */
function hasMapper(snapshot: Snapshot, folder: string): boolean {
  if (dependenciesOf(snapshot, folder).some(({ name }) => MAPPERS.test(name))) return true;
  return folder !== "." && hasMapper(snapshot, folderOf(folder));
}

/** Drizzle, TypeORM, Sequelize, Knex, Kysely, MikroORM and what is made of them. */
function javascript(snapshot: Snapshot, file: string): Signal[] {
  const code = snapshot.code(file)?.code;
  if (code === undefined) return [];
  const at = places(code);
  const words = new Map<string, boolean>();
  const isAbout = (option: string): boolean => {
    const known = words.get(option) ?? (ABOUT[option]?.test(code) || ABOUT[option]?.test(file) || false);
    words.set(option, known);
    return known;
  };
  const isElsewhere = lazy(() => /\bdriver\s*:\s*["'](?:d1-http|expo|turso|durable-sqlite)["']/.test(code));
  const options = [...matchesIn(code, OPTION)].flatMap((match): Signal[] => {
    const [all, option = "", driver = ""] = match;
    const kind = storeOfDriver(driver);
    // A database of someone else's platform is none that is run here.
    if (kind === undefined || !isAbout(option) || isElsewhere()) return [];
    const variable = VARIABLE.exec(code.slice(match.index, match.index + 400))?.[1];
    const isFallback =
      isBeside(file) ||
      /\b(?:development|test|testing|local)["']?\s*:\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*$/.test(
        code.slice(Math.max(0, match.index - 300), match.index),
      ) ||
      /\|\||\?\?/.test(all);
    return [
      {
        kind,
        role: "settings",
        file,
        place: at(match.index),
        rule: "mapper-settings",
        ...(isFallback ? { isFallback } : {}),
        ...(variable === undefined ? {} : { variable }),
      },
    ];
  });
  const dialects = [...matchesIn(code, DIALECTS)].flatMap((match): Signal[] => {
    const name = (match[1] ?? match[2] ?? "").toLowerCase();
    const kind = DIALECT_KINDS[name] ?? storeOfDriver(name);
    return kind === undefined ? [] : [{ kind, role: "settings", file, place: at(match.index), rule: "dialect" }];
  });
  return [...options, ...dialects];
}
