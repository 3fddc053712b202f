import type { PlannedService, PlannedStore, PlannedVariable } from "../../plan.ts";
import { withDriver } from "../../sql-driver.ts";

/** What is known of a store that Terraform makes; all are texts of templates. */
export interface StoreAddress {
  kind: PlannedStore["kind"];
  host: string;
  port: string;
  /** Null where no name is asked for. */
  user: string | null;
  password: string | null;
  /** Of the database or bucket. */
  name: string;
  /** Whether it speaks TLS only. */
  tls: boolean;
}

type Part = "url" | "host" | "port" | "user" | "password" | "name";

const PARTS: readonly (readonly [RegExp, Part])[] = [
  [/(?:URL|URI|DSN|DSNS|CONNECTION_STRING|JDBC)$/i, "url"],
  [/(?:PASSWORD|PASSWD|PASS|PWD|AUTH|TOKEN)$/i, "password"],
  [/(?:USER|USERNAME|LOGIN)$/i, "user"],
  [/PORT$/i, "port"],
  [/(?:HOST|HOSTNAME|SERVER|ENDPOINT|ADDR|ADDRESS)$/i, "host"],
  [/(?:BUCKET|BUCKET_NAME)$/i, "name"],
  [/(?:^|_)(?:DB|DATABASE|DBNAME|DB_NAME|DATABASE_NAME|SCHEMA)$/i, "name"],
];

type Client = Pick<PlannedService, "runtime" | "sqlDrivers" | "checkedTls">;

/** The value of a variable that belongs to a store: its whole address or the part that the name asks for. */
export function storeValue(
  { name: variable, form }: Pick<PlannedVariable, "name" | "form">,
  address: StoreAddress,
  service: Client,
): { value: string; secret: boolean } | undefined {
  if (address.kind === "s3")
    return /BUCKET/i.test(variable) || PARTS.every(([pattern]) => !pattern.test(variable))
      ? { value: address.name, secret: false }
      : undefined;
  const part = form ? "url" : (PARTS.find(([pattern]) => pattern.test(variable))?.[1] ?? "url");
  if (part === "url") return { value: urlOf({ variable, form }, address, service), secret: true };
  const value = address[part];
  return value === null ? undefined : { value, secret: part === "password" };
}

/** How drivers of PostgreSQL are told to speak TLS; others take it from their own settings. */
const TLS: Record<string, string> = {
  psycopg: "?sslmode=require",
  psycopg2: "?sslmode=require",
  asyncpg: "?ssl=require",
};

function urlOf(
  { variable, form }: { variable: string; form: PlannedVariable["form"] },
  address: StoreAddress,
  { runtime, sqlDrivers, checkedTls }: Client,
): string {
  const { kind, host, port, user, password, name, tls } = address;
  if (kind === "redis") {
    const who = password === null ? "" : `:${encoded(password)}@`;
    return `${tls ? "rediss" : "redis"}://${who}${host}:${port}/0`;
  }
  const scheme = kind === "postgres" ? "postgresql" : "mysql";
  if (/^ConnectionStrings__/i.test(variable) || (runtime.name === "dotnet" && /CONNECTION_?STRING/i.test(variable)))
    return kind === "postgres"
      ? `Host=${host};Port=${port};Database=${name};Username=${user};Password=${password};SSL Mode=Require`
      : `Server=${host};Port=${port};Database=${name};User ID=${user};Password=${password};SslMode=Required`;
  if (form === "jdbc" || /JDBC|DATASOURCE_URL/i.test(variable)) {
    const options = kind === "postgres" ? "sslmode=require" : "sslMode=REQUIRED";
    return `jdbc:${kind === "mariadb" ? "mariadb" : scheme}://${host}:${port}/${name}?user=${user}&password=${encoded(password ?? "")}&${options}`;
  }
  const driver = sqlDrivers[kind];
  const whole = `${scheme}://${user}:${encoded(password ?? "")}@${host}:${port}/${name}`;
  const option = checkedTls ? "?sslmode=no-verify" : (TLS[driver ?? "psycopg"] ?? "");
  return withDriver(whole, driver) + (kind === "postgres" ? option : "");
}

/** A reference inside `${…}` as a part of an address. */
function encoded(text: string): string {
  const reference = /^\$\{(.*)\}$/s.exec(text)?.[1];
  return reference === undefined ? text : `\${urlencode(${reference})}`;
}
