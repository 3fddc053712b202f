/** Words that stand after the environment in ids of what is no service's own check. */
const KINDS: ReadonlySet<string> = new Set(["check", "store", "infrastructure", "slo", "watch", "alert", "service"]);

/** Before the names that people use; those of the manifest come first. */
const NAMED = ["check/", "store/", "infrastructure/"];

/**
 * The ids that people may mean by a name, the most likely first: the id itself, that without its environment, the name of a check of
 * the manifest, of a store, of a part of the infrastructure.
 */
export function idsMeant(name: string, environment: string): string[] {
  return [name, ...["", ...NAMED].map((kind) => `${environment}/${kind}${name}`)];
}

/** The shortest name of a check in its environment. */
export function shortName(id: string, environment: string): string {
  const rest = id.startsWith(`${environment}/`) ? id.slice(environment.length + 1) : id;
  return rest.slice(NAMED.find((kind) => rest.startsWith(kind))?.length ?? 0);
}

/** How the ids of a service's own checks begin. One that is called as a kind of checks gets a place of its own, so that no two ids are the same. */
export function serviceCheckId(environment: string, service: string): string {
  return KINDS.has(service) ? `${environment}/service/${service}` : `${environment}/${service}`;
}

/** Whether it only asks whether anything answers where a service listens: what a service without a health path has. */
export function isPortCheck(id: string): boolean {
  return manifestName(id) === undefined && /\/port(@|$)/.test(id);
}

/** The id of a check of the manifest. */
export function namedCheckId(environment: string, name: string): string {
  return `${environment}/check/${name}`;
}

/** The name in the manifest of a check that has one; undefined for any other. */
function manifestName(id: string): string | undefined {
  return /^[^/]+\/check\/(.+)$/.exec(id)?.[1];
}

/** What an implied check asks after: a service, a store, a part of the infrastructure; undefined for any other check. */
export function subjectOf(id: string, environment: string): string | undefined {
  const [place, first = "", second] = (id.split("@")[0] ?? "").split("/");
  if (place !== environment) return undefined;
  if (!KINDS.has(first)) return first;
  return first === "store" || first === "infrastructure" || first === "service" ? second : undefined;
}
