import type { PlannedStore, PlannedVariable } from "./plan.ts";

/** What a variable holds of a store, where it is not its whole address. */
type Part = "host" | "port" | "user" | "password" | "database" | "jdbc" | "settings";

const PARTS: Record<string, Part> = {
  HOST: "host",
  HOSTNAME: "host",
  SERVER: "host",
  PORT: "port",
  USER: "user",
  USERNAME: "user",
  PASSWORD: "password",
  PASSWD: "password",
  PASS: "password",
  NAME: "database",
  DBNAME: "database",
  DATABASE: "database",
  DB: "database",
};
const SQL: readonly PlannedStore["kind"][] = ["postgres", "mysql", "mariadb"];
/** The stores that a word in the name of a variable stands for. */
const MEANT: Record<string, readonly PlannedStore["kind"][]> = {
  AMQP: ["rabbitmq"],
  CACHE: ["redis"],
  DATABASE: SQL,
  DATASOURCE: SQL,
  DB: SQL,
  MARIADB: ["mariadb"],
  MONGO: ["mongodb"],
  MONGODB: ["mongodb"],
  MYSQL: ["mysql", "mariadb"],
  PG: ["postgres"],
  POSTGRES: ["postgres"],
  POSTGRESQL: ["postgres"],
  RABBIT: ["rabbitmq"],
  RABBITMQ: ["rabbitmq"],
  REDIS: ["redis"],
  VALKEY: ["redis"],
};
const NAME = new RegExp(`(?:^|_)(${Object.keys(MEANT).join("|")})_?(${Object.keys(PARTS).join("|")})$`);
const JDBC = /^(?:SPRING_DATASOURCE_URL|QUARKUS_DATASOURCE_JDBC_URL|JDBC_(?:DATABASE_)?URL)$/;
/** Settings of .NET: `ConnectionStrings__Orders`. */
const CONNECTION = /^ConnectionStrings__\w+$/;
/** Redis and queues have no database of that name, and Redis no user and password here. */
const WITHOUT: Partial<Record<PlannedStore["kind"], readonly Part[]>> = {
  redis: ["user", "password", "database", "jdbc"],
  rabbitmq: ["database", "jdbc"],
  mongodb: ["database", "jdbc", "settings"],
};

/** The store that a variable tells a part of, by its form or its name; undefined where that is not plain. */
export function storePart(
  { name, form, store: of }: Pick<PlannedVariable, "name" | "form"> & { store?: string | null },
  stores: readonly PlannedStore[],
): { store: PlannedStore; part: Part } | undefined {
  const formed = form && stores.find((store) => store.name === of);
  if (formed && SQL.includes(formed.kind)) return { store: formed, part: form };
  if (/(?:^|_)TESTS?_/.test(name)) return undefined;
  const match = NAME.exec(name);
  const kinds = CONNECTION.test(name)
    ? /redis|cache/i.test(name)
      ? (["redis"] as const)
      : SQL
    : JDBC.test(name)
      ? SQL
      : (MEANT[match?.[1] ?? ""] ?? []);
  const found = stores.filter(({ kind }) => kinds.some((one) => one === kind));
  const [store] = found;
  const part = CONNECTION.test(name) ? "settings" : JDBC.test(name) ? "jdbc" : PARTS[match?.[2] ?? ""];
  if (!store || found.length > 1 || !part || WITHOUT[store.kind]?.includes(part)) return undefined;
  return { store, part };
}
