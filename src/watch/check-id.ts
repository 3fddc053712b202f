/** Words that stand after the environment in ids of what is no service's own check. */
const KINDS: ReadonlySet<string> = new Set(["check", "store", "infrastructure", "slo", "watch", "alert", "service"]);

/** How the ids of a service's own checks begin. One that is called as a kind of checks gets a place of its own, so that no two ids are the same. */
export function serviceCheckId(environment: string, service: string): string {
  return KINDS.has(service) ? `${environment}/service/${service}` : `${environment}/${service}`;
}

/** The name in the manifest of a check that has one; undefined for any other. */
export function manifestName(id: string): string | undefined {
  return /^[^/]+\/check\/(.+)$/.exec(id)?.[1];
}

/** What an implied check asks after: a service, a store, a part of the infrastructure; undefined for any other check. */
export function subjectOf(id: string, environment: string): string | undefined {
  const [place, first = "", second] = (id.split("@")[0] ?? "").split("/");
  if (place !== environment) return undefined;
  if (!KINDS.has(first)) return first;
  return first === "store" || first === "infrastructure" || first === "service" ? second : undefined;
}
