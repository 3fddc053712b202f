import { GENERATED } from "./markdown.ts";

/** Where the description of the HTTP interface is to be had; a copy here would only grow old. */
export function apiPage(): string {
  return `# The HTTP interface

${GENERATED}

A running daemon describes its own interface as OpenAPI 3.1 at \`/openapi.json\`, for example <http://127.0.0.1:4700/openapi.json>.
The schemas are those of \`src/contract/\`, from which the dashboard and the command line take their types too.

| address | what it is |
|---|---|
| \`/openapi.json\` | every path with its parameters, answers and errors |
| \`/api/status\` | the same document as \`stationmaster status --json\` |
| \`/api/events\` | changes as server-sent events |
| \`/metrics\` | Prometheus text format |

An error answers \`{ error: { code, message, next, exitCode } }\` with a [stable code](errors.md). Changes need the same origin, and beyond loopback
a server listens only with a token, which every request then carries; see [security](../guide/security.md).
`;
}
