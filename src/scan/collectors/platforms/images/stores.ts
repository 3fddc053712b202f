import { imageReference, leadingVersion } from "./reference.ts";

interface ImageStore {
  kind: string;
  version: string | null;
  extensions: string[];
}

/** By the last part of an image's path; `version` where the tag does not begin with it. */
const STORES: readonly { name: RegExp; kind: string; version?: RegExp; extensions?: readonly string[] }[] = [
  { name: /^postgis$/, kind: "postgres", extensions: ["postgis"] },
  {
    name: /^timescaledb(?:-ha|-postgis)?$/,
    kind: "postgres",
    version: /pg(\d+(?:\.\d+)?)/,
    extensions: ["timescaledb"],
  },
  { name: /^(?:pgvector|pgvecto-rs)$/, kind: "postgres", version: /pg(\d+)/, extensions: ["vector"] },
  { name: /^(?:postgres|postgresql|alloydbomni|citus|edb-postgres-advanced)(?:-\d+)?$/, kind: "postgres" },
  { name: /^(?:mysql|mysql-server|percona|percona-server)$/, kind: "mysql" },
  { name: /^(?:mariadb|mariadb-galera)$/, kind: "mariadb" },
  { name: /^(?:mongo|mongodb|mongodb-community-server|mongodb-atlas-local|percona-server-mongodb)$/, kind: "mongodb" },
  {
    name: /^(?:redis|redis-stack|redis-stack-server|valkey|keydb|dragonfly|redismod|redisearch|rejson)$/,
    kind: "redis",
  },
  { name: /^rabbitmq$/, kind: "rabbitmq" },
  { name: /^(?:kafka|cp-kafka|redpanda|cp-server|fast-data-dev)$/, kind: "kafka" },
  { name: /^elasticsearch(?:-oss)?$/, kind: "elasticsearch" },
  { name: /^opensearch$/, kind: "opensearch" },
  { name: /^memcached$/, kind: "memcached" },
  { name: /^minio$/, kind: "s3", version: /^$/ },
  { name: /^(?:clickhouse|clickhouse-server)$/, kind: "clickhouse" },
  { name: /^(?:cassandra|scylla)$/, kind: "cassandra" },
  { name: /^neo4j$/, kind: "neo4j" },
  { name: /^(?:nats|nats-streaming)$/, kind: "nats" },
  { name: /^meilisearch$/, kind: "meilisearch" },
  { name: /^typesense$/, kind: "typesense" },
  { name: /^qdrant$/, kind: "qdrant" },
  { name: /^weaviate$/, kind: "weaviate" },
  { name: /^milvus$/, kind: "milvus" },
  { name: /^chroma(?:db)?$/, kind: "chroma" },
  { name: /^influxdb$/, kind: "influxdb" },
  { name: /^couchdb$/, kind: "couchdb" },
  { name: /^cockroach$/, kind: "cockroachdb" },
  { name: /^(?:dynamodb-local)$/, kind: "dynamodb" },
  { name: /^surrealdb$/, kind: "surrealdb" },
  { name: /^arangodb$/, kind: "arangodb" },
];
const SQL_SERVER = /^mssql\/(?:server|rhel)|^azure-sql-edge$/;

/** The store that an image is; what looks at stores (exporters, pages of administration) is none. */
export function imageStore(image: string): ImageStore | undefined {
  const reference = imageReference(image);
  if (!reference) return undefined;
  if (SQL_SERVER.test(reference.path)) return { kind: "sqlserver", version: yearOf(reference.tag), extensions: [] };
  const found = STORES.find(({ name }) => name.test(reference.name));
  if (!found) return undefined;
  const version = found.version ? (found.version.exec(reference.tag)?.[1] ?? null) : leadingVersion(reference.tag);
  return { kind: found.kind, version, extensions: [...(found.extensions ?? [])] };
}

function yearOf(tag: string): string | null {
  return /^(\d{4})/.exec(tag)?.[1] ?? null;
}
