import { holdsAddress, holdsAnyAddress, isAsideAddress } from "../scan/tables/stores.ts";
import type { PlannedStore } from "./plan.ts";

type Kind = PlannedStore["kind"];

const SQL: readonly Kind[] = ["postgres", "mysql", "mariadb"];
/** Names that tell what an address is for, and which stores do that, the usual one first. */
const PURPOSES: readonly [name: RegExp, kinds: readonly Kind[]][] = [
  [/(?:^|_)BROKER(?:_URL|_URI)?$/, ["rabbitmq", "redis"]],
  [/(?:^|_)(?:RESULT_BACKEND|RESULTS?_BACKEND_URL)$/, ["redis"]],
  [/(?:^|_)(?:CACHE|SESSIONS?|CHANNEL(?:_LAYERS?)?|RATE_?LIMIT(?:ER)?|PUBSUB)_(?:URL|URI|DSN|LOCATION)$/, ["redis"]],
  [/(?:^|_)(?:QUEUE|JOBS?|MESSENGER_TRANSPORT|MESSAGE_BUS)_(?:URL|URI|DSN)$/, ["rabbitmq", "redis"]],
];
/** Buckets have names, and no addresses. */
const BUCKET = /(?:^|_)BUCKET(?:_NAME)?$/;
/** The same database without the pool between: here there is none. */
const WITHOUT_POOL = /^(?=.*(?:URL|URI))(?:\w+_)?(?:DIRECT|UNPOOLED|NON_POOLING)(?:_\w+)?$/;

/**
 * The store whose address a variable holds: the one that names it, else the one that its name means (`CELERY_BROKER_URL` is the queue, or Redis
 * where there is none). Null where that is not plain.
 */
export function storeOf(name: string, stores: readonly PlannedStore[]): string | null {
  const naming = stores.find(({ variables }) => variables.includes(name));
  if (naming) return naming.name;
  if (BUCKET.test(name)) return only(stores.filter(({ kind }) => kind === "s3"));
  const database = only(stores.filter(({ kind }) => SQL.includes(kind)));
  if (WITHOUT_POOL.test(name)) return database;
  if (isAsideAddress(name)) return null;
  const called = stores.filter(({ kind }) => kind !== "s3" && holdsAddress(name, kind));
  if (called.length > 0) return only(called);
  if (holdsAnyAddress(name)) return database;
  const kinds = PURPOSES.find(([pattern]) => pattern.test(name))?.[1] ?? [];
  return kinds.flatMap((kind) => stores.filter((store) => store.kind === kind))[0]?.name ?? null;
}

function only(stores: readonly PlannedStore[]): string | null {
  return stores.length === 1 ? (stores[0]?.name ?? null) : null;
}
