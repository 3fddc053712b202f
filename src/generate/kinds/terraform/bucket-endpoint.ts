import type { Plan, PlannedService } from "../../plan.ts";
import type { Environment } from "./environment.ts";

/** Variables by which code tells its client of S3 where that is. */
const ENDPOINT = /^(?:\w+_)?(?:AWS|S3|MINIO|STORAGE|BUCKET)_ENDPOINT(?:_URL)?(?:_S3)?$/;
const SDK_KEY = "AWS_ACCESS_KEY_ID";

/** Whether a service keeps files in the bucket. */
function usesBucket({ stores }: PlannedService, plan: Plan): boolean {
  return plan.stores.some(({ kind, name }) => kind === "s3" && stores.includes(name));
}

/**
 * The environment with the address of the bucket where the code asks for one. `foreign` is for clouds whose buckets only speak as S3 does: there
 * every client has to be told, also one that asks nobody.
 */
export function withBucketEndpoint(
  found: Environment,
  { service, plan, endpoint, foreign }: { service: PlannedService; plan: Plan; endpoint: string; foreign: boolean },
): Environment {
  if (!usesBucket(service, plan)) return found;
  const asked = found.open.filter(({ name, required }) => ENDPOINT.test(name) && (required || foreign));
  const names = asked.map(({ name }) => name);
  const told = service.env.some(({ name }) => ENDPOINT.test(name));
  const bare = foreign && !told && service.env.some(({ name }) => name === SDK_KEY);
  const fixed = (name: string, value: string) => ({ name, value, template: true });
  return {
    ...found,
    open: found.open.filter(({ name }) => !names.includes(name)),
    fixed: [
      ...found.fixed,
      ...names.map((name) => fixed(name, endpoint)),
      ...(bare
        ? [
            fixed("AWS_ENDPOINT_URL_S3", endpoint),
            // Checksums that newer clients add by themselves are known to S3 alone.
            fixed("AWS_REQUEST_CHECKSUM_CALCULATION", "WHEN_REQUIRED"),
            fixed("AWS_RESPONSE_CHECKSUM_VALIDATION", "WHEN_REQUIRED"),
          ]
        : []),
    ],
  };
}
