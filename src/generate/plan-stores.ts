import type { ManifestConfig } from "../config/schema.ts";
import type { ScanReport } from "../contract/scan.ts";
import type { PlannedStore } from "./plan.ts";

type StoreKind = PlannedStore["kind"];

/** How a store of each kind is called, and the variable that holds its address where code does not say one. */
const STORES: Record<StoreKind, { name: string; variable: string }> = {
  postgres: { name: "db", variable: "DATABASE_URL" },
  mysql: { name: "db", variable: "DATABASE_URL" },
  mariadb: { name: "db", variable: "DATABASE_URL" },
  mongodb: { name: "mongo", variable: "MONGODB_URI" },
  redis: { name: "cache", variable: "REDIS_URL" },
  rabbitmq: { name: "queue", variable: "RABBITMQ_URL" },
  kafka: { name: "kafka", variable: "KAFKA_BROKERS" },
  elasticsearch: { name: "search", variable: "ELASTICSEARCH_URL" },
  s3: { name: "storage", variable: "S3_BUCKET" },
};
/** Stores that speak the protocol of another. */
const SAME: Record<string, StoreKind> = {
  postgresql: "postgres",
  valkey: "redis",
  opensearch: "elasticsearch",
  minio: "s3",
};

/** The kind that files are written for; undefined for stores that none is written for, such as SQLite. */
export function storeKind(kind: string): StoreKind | undefined {
  const same = SAME[kind] ?? kind;
  return same in STORES ? (same as StoreKind) : undefined;
}

/** Stores of the manifest and those that code uses, each once. */
export function planStores(report: ScanReport, manifest: ManifestConfig | undefined): PlannedStore[] {
  const declared = Object.entries(manifest?.stores ?? {}).map(
    ([name, { kind }]): PlannedStore => ({
      name,
      kind,
      version: null,
      variables: [],
      extensions: [],
    }),
  );
  const stores = new Map(declared.map((store) => [store.kind, store]));
  for (const { kind: text, variable, version, extensions } of report.services.flatMap(({ stores: used }) => used)) {
    const kind = storeKind(text);
    if (!kind) continue;
    const known = stores.get(kind) ?? {
      name: freeName(STORES[kind].name, kind, stores),
      kind,
      version: null,
      variables: [],
      extensions: [],
    };
    known.version ??= version;
    if (variable && !known.variables.includes(variable)) known.variables.push(variable);
    known.extensions = [...new Set([...known.extensions, ...extensions])].sort();
    stores.set(kind, known);
  }
  return [...stores.values()].map((store) => ({
    ...store,
    variables: store.variables.length > 0 ? store.variables : [STORES[store.kind].variable],
  }));
}

function freeName(name: string, kind: StoreKind, stores: ReadonlyMap<StoreKind, PlannedStore>): string {
  return [...stores.values()].some((store) => store.name === name) ? kind : name;
}
