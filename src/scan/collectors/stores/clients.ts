import { baseOf } from "../../../formats/tree.ts";
import type { Dependency, Ecosystem } from "../../declared/dependency.ts";
import type { Site } from "../../declared/reach.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";
import type { Snapshot } from "../../snapshot.ts";
import { STORE_CLIENTS } from "../../tables/store-clients.ts";
import { RELATIONAL, storeOfDriver } from "../../tables/stores.ts";
import { isBeside } from "../environment/beside.ts";
import { enclosing, importsOf } from "./imports.ts";
import type { Signal } from "./signal.ts";

interface Clients {
  /** Kinds by package. */
  packages: Map<string, { kind: string; isAlone: boolean }>;
  /** Kinds by the name in code. */
  names: Map<string, string>;
}

const CLIENTS = new Map(
  Object.entries(STORE_CLIENTS).map(([ecosystem, kinds]) => [
    ecosystem as Ecosystem,
    readTable(ecosystem as Ecosystem, kinds),
  ]),
);
/** Modules of the language itself. */
const BUILT_IN = new Set(["bun:sqlite", "node:sqlite"]);
/** Mappers that load the one driver that is there, by ecosystem. */
const MAPPERS: Partial<Record<Ecosystem, string>> = {
  npm: "sequelize sequelize-typescript typeorm knex objection bookshelf kysely drizzle-orm @nestjs/typeorm @nestjs/sequelize @adonisjs/lucid @strapi/strapi @keystone-6/core directus waterline",
  pypi: "sqlalchemy flask-sqlalchemy sqlmodel django tortoise-orm databases peewee pony ormar gino piccolo dataset records alembic",
  cargo: "sqlx diesel sea-orm diesel-async ormlite",
  maven:
    "org.springframework.boot:spring-boot-starter-data-jpa org.springframework.boot:spring-boot-starter-jdbc org.springframework.boot:spring-boot-starter-data-jdbc " +
    "org.springframework.boot:spring-boot-starter-data-r2dbc org.springframework.boot:spring-boot-starter-jooq org.mybatis.spring.boot:mybatis-spring-boot-starter " +
    "com.baomidou:mybatis-plus-boot-starter com.baomidou:mybatis-plus-spring-boot3-starter org.jetbrains.exposed:exposed-jdbc com.zaxxer:HikariCP " +
    "org.hibernate:hibernate-core org.hibernate.orm:hibernate-core org.jooq:jooq io.micronaut.sql:micronaut-jdbc-hikari org.flywaydb:flyway-core org.springframework:spring-jdbc",
  rubygems: "rails activerecord sequel sinatra-activerecord rom-sql hanami-db",
  packagist:
    "laravel/framework doctrine/orm doctrine/dbal illuminate/database symfony/orm-pack doctrine/doctrine-bundle",
  hex: "ecto_sql ecto",
};
/** Crates whose features say which databases they are built for. */
const BY_FEATURE =
  /^(?:sqlx|diesel|diesel-async|sea-orm|sea-orm-migration|deadpool-diesel|ormlite|apalis-sql|tower-sessions-sqlx-store|refinery|sea-query-binder)$/;

/** Clients that a site declares, and those that its code uses. */
export function clientSignals(snapshot: Snapshot, site: Site): Signal[] {
  const declared = dependenciesOf(snapshot, site.folder).filter(
    (one) => !one.indirect && isItsOwn(snapshot, site, one),
  );
  const dependencies = declared.flatMap((one) => ofDependency(one));
  return [...dependencies, ...usesOf(snapshot, site), ...throughMapper(declared, dependencies)];
}

/** Several programs of Go share one list of modules: what a program does not import is not its own. */
function isItsOwn(snapshot: Snapshot, { program, sources }: Site, { ecosystem, name }: Dependency): boolean {
  if (program === null || ecosystem !== "go") return true;
  return sources.some((file) => snapshot.text(file)?.includes(`"${name}`));
}

function ofDependency(one: Dependency): Signal[] {
  const { ecosystem, name, features, group, file } = one;
  const client = enclosing(name)
    .map((part) => CLIENTS.get(ecosystem)?.packages.get(part))
    .find((found, index) => found !== undefined && (index === 0 || ecosystem === "go"));
  const isAsked = ecosystem === "pypi" || (ecosystem === "cargo" && BY_FEATURE.test(name));
  const asked = isAsked ? features.flatMap((feature) => ofFeature(feature)) : [];
  const signal = (kind: string): Signal => ({
    kind,
    role: "dependency",
    file,
    place: one.place(),
    rule: "dependency",
    ...(group === "dev" ? { isDevelopment: true } : {}),
    ...(group === "optional" ? { isFallback: true } : {}),
  });
  const kinds = new Set([...(client ? [client.kind] : []), ...asked]);
  const alone =
    client?.isAlone && group !== "dev" ? [{ ...signal(client.kind), role: "use" as const, rule: "client" }] : [];
  return [...[...kinds].map(signal), ...alone];
}

function ofFeature(feature: string): string[] {
  const bare = feature.replace(/^(?:sqlx|runtime-tokio|tokio)-/, "").replace(/^(?:rusqlite|aiosqlite)$/, "sqlite");
  const kind = storeOfDriver(bare) ?? CLIENTS.get("pypi")?.packages.get(bare)?.kind;
  return kind === undefined ? [] : [kind];
}

/** A mapper finds its driver by itself: where there is one only, it is the one in use. */
function throughMapper(declared: readonly Dependency[], dependencies: readonly Signal[]): Signal[] {
  const drivers = new Set(
    dependencies.filter(({ kind, isDevelopment }) => RELATIONAL.has(kind) && !isDevelopment).map(({ kind }) => kind),
  );
  const [kind, ...others] = drivers;
  if (kind === undefined || others.length > 0) return [];
  for (const [ecosystem, names] of Object.entries(MAPPERS))
    for (const name of names.split(" ")) {
      const mapper = findDependency(declared, ecosystem as Ecosystem, name);
      if (mapper && mapper.group !== "dev" && !mapper.indirect)
        return [{ kind, role: "use", file: mapper.file, place: mapper.place(), rule: "mapper" }];
    }
  return [];
}

/** Some configurations of frameworks are code of the application: `payload.config.ts`. */
function usesOf(snapshot: Snapshot, { files, sources }: Site): Signal[] {
  const configs = files.filter((path) =>
    /^(?:payload|keystone|strapi|medusa-config|mikro-orm|auth|data-source)(?:\.config)?\.[cm]?[jt]s$/.test(
      baseOf(path),
    ),
  );
  return [...new Set([...sources, ...configs])].flatMap((file) =>
    importsOf(snapshot, file).flatMap(({ ecosystem, name, place }): Signal[] => {
      const names = CLIENTS.get(ecosystem)?.names;
      const kind = enclosing(name)
        .map((part) => names?.get(part))
        .find((found) => found !== undefined);
      if (kind === undefined) return [];
      return [
        {
          kind,
          role: "use",
          file,
          place,
          rule: "import",
          ...(BUILT_IN.has(name) ? { isBuiltIn: true } : {}),
          ...(isBeside(file) ? { isFallback: true } : {}),
        },
      ];
    }),
  );
}

function readTable(ecosystem: Ecosystem, kinds: Record<string, string>): Clients {
  const packages: Clients["packages"] = new Map();
  const names: Clients["names"] = new Map();
  for (const [kind, list] of Object.entries(kinds))
    for (const token of list.split(" ").filter((word) => word !== "")) {
      const [, name = "", mark, used] = /^(.*?)(?:(!)|=(.*))?$/.exec(token) ?? [];
      packages.set(name, { kind, isAlone: mark !== undefined });
      const inCode = used ?? (mark === undefined ? ownName(ecosystem, name) : "");
      for (const one of inCode.split("|")) if (one !== "") names.set(one, kind);
    }
  return { packages, names };
}

function ownName(ecosystem: Ecosystem, name: string): string {
  return ecosystem === "pypi" || ecosystem === "cargo" ? name.replaceAll("-", "_") : name;
}
