import type { PlannedService, PlannedStore, PlannedVariable } from "../../plan.ts";
import { withDriver } from "../../sql-driver.ts";
import { storePart } from "../../store-parts.ts";
import { code, type Source } from "./source.ts";

type Part = "url" | "host" | "port" | "user" | "password" | "database";

/** Stores that Railway runs itself, and the variables each offers, as the types of its package list them. */
const OFFERED: Partial<Record<PlannedStore["kind"], { call: string } & Partial<Record<Part, string>>>> = {
  postgres: {
    call: "postgres",
    url: "DATABASE_URL",
    host: "PGHOST",
    port: "PGPORT",
    user: "PGUSER",
    password: "PGPASSWORD",
    database: "PGDATABASE",
  },
  mysql: {
    call: "mysql",
    url: "MYSQL_URL",
    host: "MYSQLHOST",
    port: "MYSQLPORT",
    user: "MYSQLUSER",
    password: "MYSQLPASSWORD",
    database: "MYSQLDATABASE",
  },
  mongodb: {
    call: "mongo",
    url: "MONGO_URL",
    host: "MONGOHOST",
    port: "MONGOPORT",
    user: "MONGOUSER",
    password: "MONGOPASSWORD",
  },
  redis: {
    call: "redis",
    url: "REDIS_URL",
    host: "REDISHOST",
    port: "REDISPORT",
    user: "REDISUSER",
    password: "REDISPASSWORD",
  },
};

/** A store that Railway runs, and the constant it has in the file. */
export interface RailwayStore {
  store: PlannedStore;
  constant: string;
  call: string;
}

/** The function that makes a store on Railway; undefined for one it does not run. */
export function storeCall(kind: PlannedStore["kind"]): string | undefined {
  return OFFERED[kind]?.call;
}

/** What a variable refers to, where a store says it: the whole address, a part, or an address in the form its program takes. */
export function storeReference(
  variable: PlannedVariable,
  service: PlannedService,
  stores: readonly RailwayStore[],
): Source | undefined {
  const own = stores.filter(({ store }) => service.stores.includes(store.name));
  const told = storePart(
    variable,
    own.map(({ store }) => store),
  );
  const part = told?.part ?? (variable.store === null ? passwordOf(variable.name, own) : "url");
  const used = told?.store.name ?? variable.store ?? own.find(({ store }) => store.kind === "redis")?.store.name;
  const found = stores.find(({ store }) => store.name === used);
  if (!found || part === undefined) return undefined;
  if (part === "jdbc" || part === "settings" || (part === "url" && service.sqlDrivers[found.store.kind]))
    return together(found.store, part, service);
  const offered = OFFERED[found.store.kind]?.[part];
  return offered === undefined ? undefined : code(`${found.constant}.env.${offered}`);
}

/** Redis asks for a password there, other than beside the services. */
function passwordOf(name: string, stores: readonly RailwayStore[]): Part | undefined {
  if (!stores.some(({ store }) => store.kind === "redis")) return undefined;
  return /(?:^|_)(?:REDIS|VALKEY|CACHE)_?(?:PASSWORD|PASSWD|PASS)$/.test(name) ? "password" : undefined;
}

/** An address that no variable of the store has as a whole; Railway puts in what stands in `${{…}}`. */
function together(
  { name, kind }: PlannedStore,
  part: "jdbc" | "settings" | "url",
  { sqlDrivers }: PlannedService,
): Source {
  const offered: Partial<Record<Part, string>> = OFFERED[kind] ?? {};
  const of = (one: Part) => `\${{${name}.${offered[one]}}}`;
  const scheme = kind === "postgres" ? "postgresql" : "mysql";
  if (part === "jdbc")
    return `jdbc:${scheme}://${of("host")}:${of("port")}/${of("database")}?user=${of("user")}&password=${of("password")}`;
  if (part === "settings" && kind === "redis") return `${of("host")}:${of("port")},password=${of("password")}`;
  if (part === "settings") {
    const [host, user] = kind === "postgres" ? ["Host", "Username"] : ["Server", "User"];
    return `${host}=${of("host")};Port=${of("port")};Database=${of("database")};${user}=${of("user")};Password=${of("password")}`;
  }
  const whole = `${scheme}://${of("user")}:${of("password")}@${of("host")}:${of("port")}/${of("database")}`;
  return withDriver(whole, sqlDrivers[kind]);
}
