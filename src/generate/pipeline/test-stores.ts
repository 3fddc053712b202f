import { imageOf, lineOf } from "../pins.ts";
import type { Plan, PlannedService, PlannedStore } from "../plan.ts";

/** A store beside the tests: empty, reachable from nowhere else, so that it needs no password. */
export interface TestStore {
  name: string;
  image: string;
  port: number;
  env: Record<string, string>;
  /** Says whether it takes connections. */
  probe: string;
  url(host: string): string;
}

type Settings = Omit<TestStore, "name" | "image"> & { image: string };

const STORES: Partial<Record<PlannedStore["kind"], Settings>> = {
  postgres: {
    image: "postgres",
    port: 5432,
    env: { POSTGRES_DB: "app", POSTGRES_USER: "app", POSTGRES_HOST_AUTH_METHOD: "trust" },
    probe: "pg_isready -U app -d app",
    url: (host) => `postgresql://app@${host}:5432/app`,
  },
  mysql: {
    image: "mysql",
    port: 3306,
    env: { MYSQL_DATABASE: "app", MYSQL_ALLOW_EMPTY_PASSWORD: "yes" },
    probe: "mysqladmin ping -h 127.0.0.1 --silent",
    url: (host) => `mysql://root@${host}:3306/app`,
  },
  mariadb: {
    image: "mariadb",
    port: 3306,
    env: { MARIADB_DATABASE: "app", MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: "yes" },
    probe: "healthcheck.sh --connect --innodb_initialized",
    url: (host) => `mysql://root@${host}:3306/app`,
  },
  mongodb: {
    image: "mongodb",
    port: 27_017,
    env: {},
    probe: "mongosh --quiet --eval 'db.adminCommand(\"ping\").ok'",
    url: (host) => `mongodb://${host}:27017/app`,
  },
  redis: {
    image: "redis",
    port: 6379,
    env: {},
    probe: "redis-cli ping",
    url: (host) => `redis://${host}:6379/0`,
  },
  rabbitmq: {
    image: "rabbitmq",
    port: 5672,
    env: {},
    probe: "rabbitmq-diagnostics -q ping",
    url: (host) => `amqp://${host}:5672`,
  },
};

/** The stores that the tests of a service can have beside them; those that only exist as a service are left out. */
export function testStores(service: PlannedService, { stores, pins }: Plan): TestStore[] {
  return stores
    .filter(({ name }) => service.stores.includes(name))
    .flatMap(({ name, kind, version }) => {
      const known = STORES[kind];
      const line = known && lineOf(pins, known.image, version);
      const image = known && line && imageOf(pins, known.image, line.line);
      return known && image ? [{ ...known, name, image }] : [];
    });
}

/** Variables that hold the addresses of these stores, by name. */
export function storeVariables(
  service: PlannedService,
  stores: readonly TestStore[],
  host: (store: TestStore) => string,
): Record<string, string> {
  const found = service.env.flatMap((variable) => {
    const store = stores.find(({ name }) => name === variable.store);
    return store ? [[variable.name, store.url(host(store))] as const] : [];
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
