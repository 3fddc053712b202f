/** What is promised of a service or a check. */
export interface Objective {
  /** The service, or `check/<name>`. */
  name: string;
  service: string | null;
  /** From 0 to 1. */
  objective: number;
  critical: boolean;
  /** The checks whose runs count. */
  checkIds: readonly string[];
}

interface Promised {
  critical: boolean;
  slo?: { objective: number } | undefined;
}

interface Sources {
  environment: string;
  services: Readonly<Record<string, Promised & { kind?: "http" | "worker" }>>;
  checks: Readonly<Record<string, Promised & { service?: string | undefined; heartbeat?: unknown }>>;
  /** What is watched right now. */
  watched: readonly { id: string; service: string | null }[];
}

const DEFAULT_PERCENT = 99.9;

/** The checks that wait for calls of jobs. */
export function jobsOf({ environment, checks }: Pick<Sources, "environment" | "checks">): ReadonlySet<string> {
  return new Set(
    Object.entries(checks).flatMap(([name, { heartbeat }]) => (heartbeat ? [`${environment}/check/${name}`] : [])),
  );
}

/** What the manifest promises, and 99.9 % for each critical service of which it says nothing. What nothing watches is left out. */
export function objectivesOf({ environment, services, checks, watched }: Sources): Objective[] {
  const jobs = jobsOf({ environment, checks });
  const ofServices = Object.entries(services).map(([name, { critical, slo, kind }]) => {
    const percent = slo?.objective ?? (critical ? DEFAULT_PERCENT : undefined);
    // A job that is late is asked after again and again, and each answer would count as a request that failed.
    const counts = (id: string) => kind === "worker" || !jobs.has(id);
    const checkIds = watched.filter(({ id, service }) => service === name && counts(id)).map(({ id }) => id);
    return { name, service: name, percent, critical, checkIds };
  });
  const ofChecks = Object.entries(checks).map(([name, { critical, slo, service = null }]) => {
    const checkIds = watched.filter(({ id }) => id === `${environment}/check/${name}`).map(({ id }) => id);
    return { name: `check/${name}`, service, percent: slo?.objective, critical, checkIds };
  });
  return [...ofServices, ...ofChecks].flatMap(({ percent, ...rest }) =>
    percent === undefined || rest.checkIds.length === 0
      ? []
      : [{ ...rest, objective: Number((percent / 100).toPrecision(12)) }],
  );
}
