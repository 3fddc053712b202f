export type Route =
  | { page: "overview" }
  | { page: "service"; name: string }
  | { page: "rollouts" }
  | { page: "rollout"; id: string }
  | { page: "incidents"; all: boolean }
  | { page: "incident"; id: string }
  | { page: "releases" }
  | { page: "environment" }
  | { page: "previews" }
  | { page: "migrations" }
  | { page: "audit" }
  | { page: "doctor" }
  | { page: "missing" };

/** Reads a path with its query, e.g. `/rollouts/ro-1` or `/incidents?state=all`. */
export function routeOf(path: string): Route {
  const [pathname = "/", query = ""] = path.split("?");
  const [head, id, ...rest] = pathname.split("/").filter(Boolean).map(decode);
  if (rest.length > 0) return { page: "missing" };
  if (head === undefined) return { page: "overview" };
  if (head === "services" && id) return { page: "service", name: id };
  if (head === "rollouts") return id ? { page: "rollout", id } : { page: "rollouts" };
  if (head === "incidents" && id) return { page: "incident", id };
  if (head === "incidents") return { page: "incidents", all: new URLSearchParams(query).get("state") === "all" };
  if (head === "releases" && !id) return { page: "releases" };
  if (head === "environment" && !id) return { page: "environment" };
  if (head === "previews" && !id) return { page: "previews" };
  if (head === "migrations" && !id) return { page: "migrations" };
  if (head === "audit" && !id) return { page: "audit" };
  if (head === "doctor" && !id) return { page: "doctor" };
  return { page: "missing" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const to = {
  environment: "/environment",
  service: (name: string) => `/services/${encodeURIComponent(name)}`,
  rollout: (id: string) => `/rollouts/${encodeURIComponent(id)}`,
  incident: (id: string) => `/incidents/${encodeURIComponent(id)}`,
};
