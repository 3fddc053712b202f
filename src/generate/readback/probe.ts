import type { Claim } from "./claim.ts";

const PORTS = [
  /PORT\s*\|\|\s*(\d+)/,
  /PORT:-(\d+)/,
  /"PORT",\s*"(\d+)"/,
  /\?:"(\d+)"/,
  /(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)/,
  /\s127\.0\.0\.1 (\d+)/,
];
const PATHS = [
  /"GET",\s*"(\/[^"]*)"/,
  /\)\+"(\/[^"]*)"/,
  /\)\."(\/[^"]*)"/,
  /:(?:\d+|\$\{\w+(?::-\d+)?\})(\/[^"'\s)]*)/,
];

/** The port and the path that a container asks itself. */
export function probeClaims(service: string, words: readonly string[], line: number): Claim[] {
  const text = words.join(" ").replaceAll("$$", "$");
  const port = firstOf(PORTS, text);
  const path = firstOf(PATHS, text);
  return [
    ...(port === undefined ? [] : [{ service, field: "port" as const, value: port, line }]),
    ...(path === undefined ? [] : [{ service, field: "health" as const, value: path, line }]),
  ];
}

function firstOf(patterns: readonly RegExp[], text: string): string | undefined {
  return patterns.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
}
