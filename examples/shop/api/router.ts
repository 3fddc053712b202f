import { type Call, HttpError, type Route } from "./http.ts";

interface Match {
  route: Route;
  params: Record<string, string>;
}

/** Finds the route of a request. No such path: 404; a path without that method: 405 with `Allow`. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match {
  const candidates = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
  if (candidates.length === 0) throw new HttpError(404, "not-found", `nothing is at ${path}`);
  const wanted = method === "HEAD" ? "GET" : method;
  const match = candidates.find(({ route }) => route.method === wanted);
  if (match) return match;
  const allow = candidates.map(({ route }) => route.method).join(", ");
  throw new HttpError(405, "method-not-allowed", `${path} answers ${allow}`, { allow });
}

function matchPath(pattern: string, path: string): Call["params"] | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== segment) return undefined;
    } else if (segment === "") return undefined;
    else params[part.slice(1)] = decode(segment);
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, "bad-path", "the path is not valid percent-encoding");
  }
}
