import { stringAt } from "../../../formats/document.ts";
import { imageName } from "../../../formats/image-name.ts";
import { baseOf } from "../../../formats/tree.ts";
import type { ComposeService } from "./model.ts";

/** What an image is known to be for. */
export interface KnownImage {
  kind: "database" | "cache" | "queue" | "store" | "proxy";
  /** Where its data lie; undefined where it has none that must last. */
  data: string | undefined;
}

const DATABASES: Record<string, string> = {
  postgres: "/var/lib/postgresql",
  "postgis/postgis": "/var/lib/postgresql",
  "pgvector/pgvector": "/var/lib/postgresql",
  "timescale/timescaledb": "/var/lib/postgresql",
  "bitnami/postgresql": "/bitnami/postgresql",
  mysql: "/var/lib/mysql",
  mariadb: "/var/lib/mysql",
  percona: "/var/lib/mysql",
  mongo: "/data/db",
  cassandra: "/var/lib/cassandra",
  couchdb: "/opt/couchdb/data",
  neo4j: "/data",
  influxdb: "/var/lib/influxdb",
  "clickhouse/clickhouse-server": "/var/lib/clickhouse",
  "cockroachdb/cockroach": "/cockroach/cockroach-data",
  "mcr.microsoft.com/mssql/server": "/var/opt/mssql",
};
const STORES: Record<string, string> = {
  elasticsearch: "/usr/share/elasticsearch/data",
  "docker.elastic.co/elasticsearch/elasticsearch": "/usr/share/elasticsearch/data",
  "opensearchproject/opensearch": "/usr/share/opensearch/data",
  "getmeili/meilisearch": "/meili_data",
  "minio/minio": "/data",
  "qdrant/qdrant": "/qdrant/storage",
};
const QUEUES: Record<string, string | undefined> = {
  rabbitmq: "/var/lib/rabbitmq",
  nats: undefined,
  "confluentinc/cp-kafka": "/var/lib/kafka/data",
  "apache/kafka": "/var/lib/kafka/data",
};
const CACHES = new Set([
  "redis",
  "valkey/valkey",
  "bitnami/redis",
  "redis/redis-stack-server",
  "memcached",
  "eqalpha/keydb",
  "docker.dragonflydb.io/dragonflydb/dragonfly",
]);
const PROXIES = new Set([
  "nginx",
  "traefik",
  "caddy",
  "haproxy",
  "httpd",
  "nginxproxy/nginx-proxy",
  "envoyproxy/envoy",
]);

/** The known image of a service: databases and what else has a port of its own. */
export function knownImageOf({ value }: Pick<ComposeService, "value">): KnownImage | undefined {
  if ("build" in value) return undefined;
  const parts = imageName(imageOf(value) ?? "");
  if (!parts) return undefined;
  const short = parts.repository.replace(/^library\//, "");
  const names = [short, `${parts.registry}/${parts.repository}`];
  const find = <T>(table: Record<string, T>) => names.find((name) => Object.hasOwn(table, name));
  const database = find(DATABASES);
  if (database) return { kind: "database", data: DATABASES[database] };
  const store = find(STORES);
  if (store) return { kind: "store", data: STORES[store] };
  const queue = find(QUEUES);
  if (queue) return { kind: "queue", data: QUEUES[queue] };
  if (names.some((name) => CACHES.has(name))) return { kind: "cache", data: undefined };
  return names.some((name) => PROXIES.has(name)) ? { kind: "proxy", data: undefined } : undefined;
}

/** The image of a service with the defaults of its variables: `${TAG:-1.2}` is `1.2`. */
export function imageOf(value: Record<string, unknown>): string | undefined {
  return stringAt(value, ["image"])?.replace(/\$\{\w+:?-([^${}]*)\}/g, "$1");
}

/** Whether a service does one thing and ends: migrations, seeds, tools started by hand. */
export function isOneShot({ name, value }: Pick<ComposeService, "name" | "value">): boolean {
  const command = [value.command ?? [], value.entrypoint ?? []].flat().join(" ");
  return (
    "profiles" in value ||
    stringAt(value, ["restart"]) === "no" ||
    /(?:^|[-_])(?:migrations?|migrate|init|seed|setup|createbuckets|bootstrap|backup|cli|certbot)(?:[-_]|$)/i.test(
      name,
    ) ||
    (/\bmigrate\b|db:seed|alembic upgrade|prisma (?:migrate|db)|createsuperuser/.test(command) && !/&&|;/.test(command))
  );
}

/** The name for people of the image: `postgres`. */
export function shortImage(value: Record<string, unknown>): string {
  return baseOf(imageName(imageOf(value) ?? "")?.repository ?? "");
}
