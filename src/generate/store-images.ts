import { imageOf, lineOf, type Pins } from "./pins.ts";
import type { PlannedStore } from "./plan.ts";

/** How a store runs in a container: what it is told, how it is asked, where its data lies. */
export interface StoreRecipe {
  /** Name in the table of images. */
  image: string;
  port: number;
  data: string;
  /** Variables of its image; values that people set are `${NAME}`. */
  env: Record<string, string>;
  command?: string;
  probe: readonly string[];
  /** Address as its clients take it; the host is the store's name. */
  url(host: string): string;
}

/** The password of all stores that run beside the services, as Compose reads it from the environment. */
export const STORE_PASSWORD_REFERENCE = "${STORE_PASSWORD:?set it in .env}";

const RECIPES: Record<PlannedStore["kind"], StoreRecipe | undefined> = {
  postgres: {
    image: "postgres",
    port: 5432,
    data: "/var/lib/postgresql/data",
    env: { POSTGRES_DB: "app", POSTGRES_PASSWORD: STORE_PASSWORD_REFERENCE, POSTGRES_USER: "app" },
    probe: ["pg_isready", "-U", "app", "-d", "app"],
    url: (host) => `postgresql://app:${STORE_PASSWORD_REFERENCE}@${host}:5432/app`,
  },
  mysql: {
    image: "mysql",
    port: 3306,
    data: "/var/lib/mysql",
    env: {
      MYSQL_DATABASE: "app",
      MYSQL_PASSWORD: STORE_PASSWORD_REFERENCE,
      MYSQL_RANDOM_ROOT_PASSWORD: "1",
      MYSQL_USER: "app",
    },
    probe: ["mysqladmin", "ping", "-h", "127.0.0.1", "--silent"],
    url: (host) => `mysql://app:${STORE_PASSWORD_REFERENCE}@${host}:3306/app`,
  },
  mariadb: {
    image: "mariadb",
    port: 3306,
    data: "/var/lib/mysql",
    env: {
      MARIADB_DATABASE: "app",
      MARIADB_PASSWORD: STORE_PASSWORD_REFERENCE,
      MARIADB_RANDOM_ROOT_PASSWORD: "1",
      MARIADB_USER: "app",
    },
    probe: ["healthcheck.sh", "--connect", "--innodb_initialized"],
    url: (host) => `mysql://app:${STORE_PASSWORD_REFERENCE}@${host}:3306/app`,
  },
  mongodb: {
    image: "mongodb",
    port: 27_017,
    data: "/data/db",
    env: { MONGO_INITDB_ROOT_PASSWORD: STORE_PASSWORD_REFERENCE, MONGO_INITDB_ROOT_USERNAME: "app" },
    probe: ["mongosh", "--quiet", "--eval", "db.adminCommand('ping').ok"],
    url: (host) => `mongodb://app:${STORE_PASSWORD_REFERENCE}@${host}:27017/app?authSource=admin`,
  },
  redis: {
    image: "redis",
    port: 6379,
    data: "/data",
    env: {},
    // One text: in a list of its own `yes` is a boolean to older readers of YAML.
    command: "redis-server --appendonly yes",
    probe: ["redis-cli", "ping"],
    url: (host) => `redis://${host}:6379/0`,
  },
  rabbitmq: {
    image: "rabbitmq",
    port: 5672,
    data: "/var/lib/rabbitmq",
    env: { RABBITMQ_DEFAULT_PASS: STORE_PASSWORD_REFERENCE, RABBITMQ_DEFAULT_USER: "app" },
    probe: ["rabbitmq-diagnostics", "-q", "ping"],
    url: (host) => `amqp://app:${STORE_PASSWORD_REFERENCE}@${host}:5672`,
  },
  kafka: undefined,
  elasticsearch: undefined,
  s3: undefined,
};

/** How to run a store and the image to run; undefined for those that are better rented. */
export function storeRecipe(store: PlannedStore, pins: Pins): { recipe: StoreRecipe; image: string } | undefined {
  const recipe = RECIPES[store.kind];
  const line = recipe && lineOf(pins, recipe.image, store.version);
  const image = recipe && line && imageOf(pins, recipe.image, line.line);
  return recipe && image ? { recipe, image } : undefined;
}
