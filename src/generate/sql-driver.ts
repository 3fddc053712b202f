import { isIn, type Tree } from "../formats/tree.ts";
import type { SqlDrivers } from "./plan.ts";

const MANIFEST =
  /(?:^|\/)(?:requirements[\w.-]*\.(?:txt|in)|requirements\/[\w.-]+\.txt|pyproject\.toml|Pipfile|setup\.(?:py|cfg))$/;
const SAMPLE = /(?:^|\/)(?:\.env\.(?:example|sample|template|dist)|alembic\.ini|(?:docker-)?compose[\w.-]*\.ya?ml)$/;
const SQLALCHEMY = /\b(?:sqlalchemy|sqlmodel)\b/;
/** What SQLAlchemy takes where an address names no driver. */
const DEFAULTS = { postgres: /psycopg2/, mysql: /mysqlclient/ };
/** Distributions and the names that SQLAlchemy has for them (docs.sqlalchemy.org, "Dialects"). */
const DRIVERS = {
  postgres: { psycopg: "psycopg", asyncpg: "asyncpg", pg8000: "pg8000" },
  mysql: { pymysql: "pymysql", asyncmy: "asyncmy", aiomysql: "aiomysql", "mysql-connector-python": "mysqlconnector" },
};

/**
 * The drivers that addresses of a service of Python have to name: SQLAlchemy looks for psycopg2 or mysqlclient where they name none. None where
 * the code puts the address together itself.
 */
export function sqlDrivers(tree: Tree, path: string): SqlDrivers {
  const texts = (pattern: RegExp) =>
    tree.paths.filter((file) => isIn(file, path) && pattern.test(file)).map((file) => tree.text(file) ?? "");
  const manifests = texts(MANIFEST).join("\n").toLowerCase();
  if (!SQLALCHEMY.test(manifests)) return {};
  const code = texts(/\.py$/);
  const samples = [...texts(SAMPLE), ...code].join("\n");
  const found: SqlDrivers = {};
  for (const dialect of ["postgres", "mysql"] as const) {
    const driver = written(samples, dialect) ?? installed(manifests, dialect, code);
    if (driver === undefined) continue;
    found[dialect] = driver;
    if (dialect === "mysql") found.mariadb = driver;
  }
  return found;
}

/** Whether a service of Python reaches its database by SQLAlchemy, which takes `postgresql:` and no `postgres:`. */
export function usesSqlAlchemy(tree: Tree, path: string): boolean {
  return tree.paths.some(
    (file) => isIn(file, path) && MANIFEST.test(file) && SQLALCHEMY.test((tree.text(file) ?? "").toLowerCase()),
  );
}

/** The driver of an address that is written as a whole. */
function written(text: string, dialect: keyof typeof DRIVERS): string | undefined {
  const scheme = dialect === "postgres" ? "postgres(?:ql)?" : "(?:mysql|mariadb)";
  const lines = text.split("\n").filter((line) => !/\.replace\(|\bre\.sub\(/.test(line));
  const address = new RegExp(`\\b${scheme}\\+(\\w+)://(?![{%"'])`);
  for (const line of lines) {
    const driver = address.exec(line)?.[1];
    if (driver !== undefined) return driver;
  }
  return undefined;
}

/** The driver that is there instead of the usual one. */
function installed(manifests: string, dialect: keyof typeof DRIVERS, code: readonly string[]): string | undefined {
  const names = dialect === "postgres" ? /postgres(?:ql)?\+\w/ : /(?:mysql|mariadb)\+\w/;
  if (DEFAULTS[dialect].test(manifests) || code.some((text) => names.test(text))) return undefined;
  return Object.entries(DRIVERS[dialect]).find(([name]) => new RegExp(`\\b${name}\\b(?!-)`).test(manifests))?.[1];
}

/** An address with the driver in its scheme. */
export function withDriver(address: string, driver: string | undefined): string {
  return driver === undefined ? address : address.replace(/^(postgresql|mysql):/, `$1+${driver}:`);
}
