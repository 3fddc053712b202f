import { parseDotenv } from "../../../formats/dotenv.ts";
import { matchesIn } from "../../../formats/needed-words.ts";
import { places } from "../../../formats/text.ts";
import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { Site } from "../../declared/reach.ts";
import type { Snapshot } from "../../snapshot.ts";
import { STORE_USES, storeOfDriver, storeOfScheme } from "../../tables/stores.ts";
import { isBeside } from "../environment/beside.ts";
import { isInstead, type Signal } from "./signal.ts";

const ADDRESS =
  /(?:\b(?:jdbc|r2dbc|vertx-reactive):(postgresql|mysql|mariadb|sqlserver|oracle|sqlite|clickhouse)\b|\b((?:postgres(?:ql)?|pgsql|cockroachdb|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|valkey|amqps?|pyamqp|nats|kafka|memcached|clickhouse|neo4j|bolt|sqlserver|mssql|oracle|sqlite3?|influxdb)(?:\+\w+)?):\/\/)/g;
/** Options that name a driver, behind the name of the variable that may change it. */
const DRIVER_OPTION =
  /\b(?:DATABASE|DB)_?(?:CLIENT|CONNECTION|DIALECT|TYPE|ENGINE|DRIVER|PROVIDER|ADAPTER|VENDOR)["'`]?\s*\]?\)?\s*(?:,|\|\||\?\?|\?:)\s*(?:default\s*=\s*)?["'`]([\w.-]+)["'`]/g;
const DRIVER_KEY =
  /^(?:DATABASE|DB|TYPEORM|SQL)_?(?:CLIENT|CONNECTION|DIALECT|TYPE|ENGINE|DRIVER|PROVIDER|ADAPTER|VENDOR)$/;
const SERVICE_KEY = /^(?:CACHE|QUEUE|SESSION|BROADCAST|FILESYSTEM)_(?:DRIVER|STORE|CONNECTION|DISK)$/;
const OPEN =
  /\b(?:sql|sqlx|otelsql|apmsql|splunksql)\.(?:Open|Connect|MustConnect|MustOpen|ConnectContext)\(\s*(?:\w+\s*,\s*)?"(\w+)"/g;
const PARTS =
  /\b(?:scheme|drivername|provider|db_type)\s*=\s*["']([\w+]+)["']|\b(?:Async)?(Postgres|Redis|Mongo|Amqp|Kafka|MySQL|MariaDB|ClickHouse|Nats)Dsn\b|\b(Postgresql|PooledPostgresql|MySQL|PooledMySQL|Sqlite|SqliteExt)Database\s*\(/g;
const CLASSES: Record<string, string> = {
  mongo: "mongodb",
  amqp: "rabbitmq",
  pooledpostgresql: "postgres",
  pooledmysql: "mysql",
  sqliteext: "sqlite",
};

const USES_OF = Map.groupBy(
  STORE_USES.flatMap(({ extensions, ...use }) => extensions.split(" ").map((extension) => ({ extension, ...use }))),
  ({ extension }) => extension,
);

/** Addresses, drivers and connections in the code of a site. */
export function codeAddresses(snapshot: Snapshot, { sources }: Pick<Site, "sources">): Signal[] {
  return sources.flatMap((file) => {
    const code = snapshot.code(file)?.code;
    if (code === undefined) return [];
    const extension = extensionOf(file);
    const at = places(code);
    const found: Signal[] = [];
    const add = (
      kind: string | undefined,
      match: RegExpExecArray,
      role: Signal["role"],
      rule: string,
      more: Partial<Signal> = {},
    ) => {
      if (kind === undefined) return;
      const isFallback = isBeside(file) || isInstead(lineBefore(code, match.index));
      found.push({ kind, role, file, place: at(match.index), rule, ...(isFallback ? { isFallback } : {}), ...more });
    };
    const isNamed = code.includes("://") || code.includes("jdbc:");
    for (const match of isNamed ? matchesIn(code, ADDRESS) : []) {
      const kind = storeOfScheme(match[1] ?? match[2] ?? "");
      const isOwn = kind === "sqlite" && isBuiltIn(extension, kind);
      if (!isInMemory(code, match)) add(kind, match, "address", "address", { isBuiltIn: isOwn });
    }
    const hasOption = code.includes("DB") || code.includes("DATABASE");
    for (const match of hasOption ? matchesIn(code, DRIVER_OPTION) : [])
      add(storeOfDriver(match[1] ?? ""), match, "settings", "driver-option", { isFallback: true });
    if (extension === "go")
      for (const match of matchesIn(code, OPEN)) add(storeOfDriver(match[1] ?? ""), match, "use", "open");
    if (extension === "py")
      for (const match of matchesIn(code, PARTS)) {
        const name = (match[1] ?? match[2] ?? match[3] ?? "").toLowerCase();
        add(CLASSES[name] ?? storeOfDriver(name), match, "settings", "address-parts");
      }
    for (const { kind, pattern } of USES_OF.get(extension) ?? [])
      for (const match of code.matchAll(pattern))
        add(kind, match, "use", "connect", { isBuiltIn: isBuiltIn(extension, kind) });
    return found;
  });
}

/** What comes with Python and PHP is no dependency of anyone, and the packages of AWS are for all its services. */
function isBuiltIn(extension: string, kind: string): boolean {
  return extension === "php" || (extension === "py" && kind === "sqlite") || kind === "s3" || kind === "dynamodb";
}

function isInMemory(code: string, match: RegExpExecArray): boolean {
  return (
    /^(?:\/?:memory:|\/?["'`]|\/\?)/.test(
      code.slice(match.index + match[0].length, match.index + match[0].length + 12),
    ) && /sqlite/.test(match[0])
  );
}

function lineBefore(code: string, offset: number): string {
  return code.slice(code.lastIndexOf("\n", offset - 1) + 1, offset);
}

const SETTINGS_FILE =
  /(?:^|\/)(?:application|bootstrap|appsettings|config|settings|database|default|production|alembic|ormconfig|persistence|hibernate\.cfg|doctrine|messenger)[\w.-]*\.(?:properties|ya?ml|ini|json|toml|xml|conf)$/;
const DIALECT =
  /\b(PostgreSQL|MySQL|MariaDB|Oracle|SQLServer)\w*Dialect\b|\b(?:db-kind|quarkus\.datasource\.db-kind)\s*[:=]\s*["']?(\w+)|\bdriver:\s*["']?(pdo_\w+|mysqli)/g;

/** Addresses in settings files; placeholders tell the variable: `${DB_URL:jdbc:postgresql://…}`. */
export function settingsAddresses(snapshot: Snapshot, { files }: Pick<Site, "files">): Signal[] {
  return files.flatMap((file) => {
    if (!SETTINGS_FILE.test(file) || /(?:^|\/)(?:src\/test|tests?|spec|fixtures|node_modules|\.github)\//.test(file))
      return [];
    const text = (snapshot.text(file) ?? "").replace(/^[ \t]*[#;].*$/gm, (line) => " ".repeat(line.length));
    const at = places(text);
    const signal = (kind: string | undefined, offset: number, rule: string, role: Signal["role"]): Signal[] => {
      const before = lineBefore(text, offset);
      const isFallback = isBeside(file) || /^\s*%(?:dev|test)\./.test(before);
      const variable = /\$\{([A-Z][A-Z0-9_]*):"?$/.exec(before)?.[1];
      if (kind === undefined) return [];
      return [
        {
          kind,
          role,
          file,
          place: at(offset),
          rule,
          ...(isFallback ? { isFallback } : {}),
          ...(variable === undefined ? {} : { variable }),
        },
      ];
    };
    return [
      ...[...matchesIn(text, ADDRESS)].flatMap((match) =>
        signal(storeOfScheme(match[1] ?? match[2] ?? ""), match.index, "address", "settings"),
      ),
      ...[...matchesIn(text, DIALECT)].flatMap((match) =>
        signal(storeOfDriver(match[1] ?? match[2] ?? match[3] ?? ""), match.index, "dialect", "settings"),
      ),
    ];
  });
}

/** What samples of env files show: an address with its scheme, or the name of a driver. Of real files nothing is read. */
export function sampleAddresses(snapshot: Snapshot, { files }: Pick<Site, "files">): Signal[] {
  return files.flatMap((file) => {
    const base = baseOf(file);
    if (!/env/i.test(base) || !/(?:^|[._-])(?:examples?|sample|template|tmpl|dist|defaults?)(?:$|[._-])/i.test(base))
      return [];
    return parseDotenv(snapshot.text(file) ?? "").flatMap(({ key, value, line, column }): Signal[] => {
      const scheme = /^(?:jdbc:)?([a-z][a-z0-9+]*):/i.exec(value)?.[1];
      const of = { file, place: { line, column } };
      const address = scheme === undefined ? undefined : storeOfScheme(scheme);
      if (address !== undefined) return [{ kind: address, role: "address", rule: "sample", variable: key, ...of }];
      const driver = DRIVER_KEY.test(key) ? storeOfDriver(value.replace(/^django\.db\.backends\./, "")) : undefined;
      if (driver !== undefined) return [{ kind: driver, role: "settings", rule: "sample", ...of }];
      const service = SERVICE_KEY.test(key) && /^(?:redis|memcached|s3|dynamodb)$/.test(value) ? value : undefined;
      return service === undefined ? [] : [{ kind: service, role: "use", rule: "sample", isBuiltIn: true, ...of }];
    });
  });
}
