import { imageOf, lineOf } from "../pins.ts";
import type { Plan, PlannedService, PlannedStore } from "../plan.ts";
import { withDriver } from "../sql-driver.ts";

/** A store beside the tests: empty, reachable from nowhere else, so that it needs no password. */
export interface TestStore {
  name: string;
  image: string;
  port: number;
  /** One of the machine that no other store of the service has. */
  hostPort: number;
  user: string;
  database: string;
  env: Record<string, string>;
  /** Says whether it takes connections. */
  probe: string;
  url(host: string, port: number): string;
}

type Settings = Omit<TestStore, "name" | "image" | "hostPort"> & { image: string };

const STORES: Partial<Record<PlannedStore["kind"], Settings>> = {
  postgres: {
    image: "postgres",
    port: 5432,
    user: "app",
    database: "app",
    env: { POSTGRES_DB: "app", POSTGRES_USER: "app", POSTGRES_HOST_AUTH_METHOD: "trust" },
    probe: "pg_isready -U app -d app",
    url: (host, port) => `postgresql://app@${host}:${port}/app`,
  },
  mysql: {
    image: "mysql",
    port: 3306,
    user: "root",
    database: "app",
    env: { MYSQL_DATABASE: "app", MYSQL_ALLOW_EMPTY_PASSWORD: "yes" },
    probe: "mysqladmin ping -h 127.0.0.1 --silent",
    url: (host, port) => `mysql://root@${host}:${port}/app`,
  },
  mariadb: {
    image: "mariadb",
    port: 3306,
    user: "root",
    database: "app",
    env: { MARIADB_DATABASE: "app", MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: "yes" },
    probe: "healthcheck.sh --connect --innodb_initialized",
    url: (host, port) => `mysql://root@${host}:${port}/app`,
  },
  mongodb: {
    image: "mongodb",
    port: 27_017,
    user: "",
    database: "app",
    env: {},
    probe: "mongosh --quiet --eval 'db.adminCommand(\"ping\").ok'",
    url: (host, port) => `mongodb://${host}:${port}/app`,
  },
  redis: {
    image: "redis",
    port: 6379,
    user: "",
    database: "0",
    env: {},
    probe: "redis-cli ping",
    url: (host, port) => `redis://${host}:${port}/0`,
  },
  rabbitmq: {
    image: "rabbitmq",
    port: 5672,
    user: "guest",
    database: "/",
    env: {},
    probe: "rabbitmq-diagnostics -q ping",
    url: (host, port) => `amqp://${host}:${port}`,
  },
};

/** The stores that the tests of a service can have beside them; those that only exist as a service are left out. */
export function testStores(service: PlannedService, { stores, pins }: Plan): TestStore[] {
  const taken = new Set<number>();
  return stores
    .filter(({ name }) => service.stores.includes(name))
    .flatMap(({ name, kind, version }) => {
      const known = STORES[kind];
      const line = known && lineOf(pins, known.image, version);
      const image = known && line && imageOf(pins, known.image, line.line);
      if (!known || !image) return [];
      let hostPort = known.port;
      while (taken.has(hostPort)) hostPort += 1;
      taken.add(hostPort);
      const url = (host: string, port: number) => withDriver(known.url(host, port), service.sqlDrivers[kind]);
      return [{ ...known, name, image, hostPort, url }];
    });
}

/** Where a store is reached. */
interface Place {
  host: string;
  port: number;
}

const PARTS: readonly (readonly [RegExp, (store: TestStore, place: Place) => string])[] = [
  [/JDBC|DATASOURCE_URL/i, ({ url }, { host, port }) => jdbc(url(host, port))],
  [/(?:URL|URI|DSN|CONNECTION_STRING)$/i, ({ url }, { host, port }) => url(host, port)],
  // Nobody has a password here.
  [/(?:PASSWORD|PASSWD|PASS|PWD)$/i, () => ""],
  [/(?:USER|USERNAME)$/i, ({ user }) => user],
  [/PORT$/i, (_, { port }) => String(port)],
  [/(?:HOST|HOSTNAME|SERVER)$/i, (_, { host }) => host],
  [/(?:^|_)(?:DB|DATABASE|DBNAME|NAME)$/i, ({ database }) => database],
];

/** The whole address, or the part of it that the name of a variable asks for. */
function settingFor(name: string, store: TestStore, place: Place): string {
  const part = PARTS.find(([pattern]) => pattern.test(name))?.[1];
  return part ? part(store, place) : store.url(place.host, place.port);
}

function jdbc(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `jdbc:${protocol}//${host}${pathname}?user=${username}`;
}

/** Variables that hold the addresses of these stores, by name. */
export function storeVariables(
  service: PlannedService,
  stores: readonly TestStore[],
  place: (store: TestStore) => Place,
): Record<string, string> {
  const found = service.env.flatMap((variable) => {
    const store = stores.find(({ name }) => name === variable.store);
    return store ? [[variable.name, settingFor(variable.name, store, place(store))] as const] : [];
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
