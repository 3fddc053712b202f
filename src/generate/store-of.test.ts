import { expect, test } from "vitest";
import type { PlannedStore } from "./plan.ts";
import { storeOf } from "./store-of.ts";

const store = (name: string, kind: PlannedStore["kind"], variables: string[] = []): PlannedStore => ({
  name,
  kind,
  version: null,
  variables,
  extensions: [],
});
const DB = store("db", "postgres", ["DATABASE_URL"]);
const CACHE = store("cache", "redis", ["REDIS_URL"]);
const QUEUE = store("queue", "rabbitmq", ["RABBITMQ_URL"]);

test.each<[string, PlannedStore[], string | null]>([
  ["DATABASE_URL", [DB, CACHE], "db"],
  ["REDIS_URL", [DB, CACHE], "cache"],
  ["CELERY_BROKER_URL", [DB, CACHE], "cache"],
  ["CELERY_BROKER_URL", [CACHE, QUEUE], "queue"],
  ["BROKER_URL", [DB], null],
  ["CELERY_RESULT_BACKEND", [CACHE, QUEUE], "cache"],
  ["CACHE_URL", [CACHE], "cache"],
  ["SIDEKIQ_REDIS_URL", [CACHE], "cache"],
  ["MESSENGER_TRANSPORT_DSN", [DB, QUEUE], "queue"],
  ["DIRECT_URL", [DB], "db"],
  ["DATABASE_URL_UNPOOLED", [DB], "db"],
  ["SHADOW_DATABASE_URL", [DB], null],
  ["TEST_DATABASE_URL", [DB], null],
  ["REPLICA_DATABASE_URL", [DB], null],
  ["BILLING_DATABASE_URL", [DB], "db"],
  ["BILLING_DATABASE_URL", [DB, store("reports", "mysql")], null],
  ["AWS_ENDPOINT", [store("storage", "s3")], null],
  ["UPLOADS_BUCKET", [DB, store("storage", "s3", ["S3_BUCKET"])], "storage"],
  ["AWS_STORAGE_BUCKET_NAME", [store("storage", "s3")], "storage"],
  ["UPLOADS_BUCKET", [DB], null],
  ["BUCKET_REGION", [store("storage", "s3")], null],
  ["WEBHOOK_URL", [DB, CACHE, QUEUE], null],
  ["PAYMENT_QUEUE_NAME", [QUEUE], null],
])("%s", (name, stores, expected) => expect(storeOf(name, stores)).toBe(expected));
