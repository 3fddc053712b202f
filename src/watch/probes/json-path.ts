const SEGMENT = /\.?([A-Za-z_$][\w$-]*)|\[(-?\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * Looks up `status`, `$.a.b[0]`, `$['odd key'][-1]` (RFC 9535: names and indexes). Answers undefined where nothing is there,
 * and for a path that is not one.
 */
export function jsonPath(document: unknown, path: string): unknown {
  let value = document;
  for (const key of segments(path) ?? [null]) {
    if (key === null) return undefined;
    if (typeof key === "number") value = Array.isArray(value) ? value.at(key) : undefined;
    else
      value =
        typeof value === "object" && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

function segments(path: string): (string | number)[] | undefined {
  const rest = path.startsWith("$") ? path.slice(1) : `.${path}`;
  const found: (string | number)[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < rest.length) {
    const match = SEGMENT.exec(rest);
    if (!match) return undefined;
    const quoted = match[3] ?? match[4];
    found.push(match[2] !== undefined ? Number(match[2]) : (match[1] ?? quoted?.replace(/\\(.)/g, "$1") ?? ""));
  }
  return found;
}
