import type { PlannedStore, PlannedVariable, Target } from "./plan.ts";

interface Site {
  /** What the code reads. */
  read: readonly PlannedVariable[];
  /** The stores it uses. */
  stores: readonly PlannedStore[];
  target: Target;
}

/** Names under which code takes keys of its own for a bucket. */
const OWN_KEY =
  /(?:^|_)(?:S3|AWS|MINIO|SPACES|R2|B2|WASABI|BUCKET|STORAGE)_(?:\w+_)?(?:KEY|KEY_ID|SECRET|PASSWORD)$|(?:^|_)ACCESS_KEY(?:_ID)?$/;
const REGION = /(?:^|_)REGION$/;
/** Platforms where a program may have a role instead of keys: by its task there, by its pod here. */
const WITH_ROLES: Partial<Record<Target, "always" | "maybe">> = { aws: "always", kubernetes: "maybe" };

/** What clients of S3 read by themselves where the code gives them no keys: without it they find no account. */
export function bucketVariables({ read, stores, target }: Site): PlannedVariable[] {
  if (!stores.some(({ kind }) => kind === "s3") || read.some(({ name }) => OWN_KEY.test(name))) return [];
  const roles = WITH_ROLES[target];
  if (roles === "always") return [];
  const key = (name: string): PlannedVariable => ({
    name,
    class: "secret",
    phase: "run",
    required: roles === undefined,
    default: null,
    store: null,
  });
  const region: PlannedVariable = { ...key("AWS_REGION"), class: "config", required: false };
  return [
    key("AWS_ACCESS_KEY_ID"),
    key("AWS_SECRET_ACCESS_KEY"),
    ...(read.some(({ name }) => REGION.test(name)) ? [] : [region]),
  ];
}

/** What people have to bring for files in S3; null where none are kept there, or the cloud has the bucket made. */
export function bucketNote(
  name: string,
  { env, stores, target }: { env: readonly PlannedVariable[]; stores: readonly PlannedStore[]; target: Target },
): string | null {
  if (!stores.some(({ kind }) => kind === "s3") || target === "aws" || target === "gcp") return null;
  const keys = env.filter(({ name: key }) => OWN_KEY.test(key)).map(({ name: key }) => key);
  const role =
    target === "kubernetes"
      ? "a role of its pod does instead"
      : "take the keys out where the machine has a role of AWS";
  return `${name} keeps files in S3, which nothing here starts: bring a bucket, and with ${keys.join(" and ")} an account that may read and write it; ${role}`;
}
