import { hitsIn } from "../../../search.ts";
import { argumentsAt, trimmed } from "../literals/expression.ts";
import { propertyAt, type Span } from "../literals/properties.ts";
import type { Module } from "./module.ts";

/** A place where a program starts to listen. */
export interface ListenCall {
  kind: "listen" | "serve" | "socket";
  /** What is called: `app.listen`, `Bun.serve`. */
  name: string;
  /** Offset of the call. */
  at: number;
  port: Span | undefined;
  host: Span | undefined;
}

/** Words without which no file listens: looked for before a file is read closely. */
export const LISTENS = /listen|serve|Server\b|socket\.io["']|\.start\(|set\(\s*["']port|export\s+default/;

const CALLS: readonly { pattern: RegExp; kind: ListenCall["kind"]; from?: readonly string[] }[] = [
  {
    pattern:
      /(?<![\w$])(?!(?:socket|emitter|store|history|i18n)\.|io\.listen\(\s*(?:http|https|\w*server|app)\b)([\w$.()]{0,60}?\.listen)\s*(?:<[^<>]*>)?\(/g,
    kind: "listen",
  },
  { pattern: /(?<![\w$.])((?:Bun|Deno)\.serve(?:Http)?)\s*(?:<[^<>]*>)?\(/g, kind: "serve" },
  {
    pattern: /(?<![\w$.])(serve)\s*\(/g,
    kind: "serve",
    from: ["@hono/node-server", "bun", "srvx", "std/http", "@std/http", "http/server", "@hono/bun"],
  },
  { pattern: /(?<![\w$])(?:new\s+)?([Hh]api\.[Ss]erver)\s*\(/g, kind: "serve" },
  { pattern: /(?<![\w$.])(startStandaloneServer)\s*\(/g, kind: "serve" },
  { pattern: /(?<![\w$])((?:app|server|bolt|slackApp)\.start)\s*\(/g, kind: "listen" },
  {
    pattern:
      /(?<![\w$])new\s+((?:WebSocket|WebSockets?|ws|WS)\.?(?:Server|WebSocketServer)|WebSocketServer|WSServer)\s*\(/g,
    kind: "socket",
  },
];
const CALLBACK = /^(?:async\b|function\b|\([^()]*\)\s*=>|[\w$]+\s*=>)/;
/** A file with more of them was made by a program. */
const MOST = 20;
const PORT_SET = /\.set\(\s*["']port["']\s*,/g;

const SOCKETS = /(?<![\w$])(?:require\(\s*["']socket\.io["']\s*\)|new\s+(?:[\w$]+\.)?Server)\s*(?:<[^<>]*>)?\(/g;

/** The calls of a file that listen, in order. */
export function listenCalls(module: Module): ListenCall[] {
  const { masked, file } = module;
  const calls = CALLS.flatMap(({ pattern, kind, from }): ListenCall[] => {
    if (from && !from.some((name) => masked.code.includes(name))) return [];
    return hitsIn(masked.bare, pattern, file)
      .slice(0, MOST)
      .map(({ match }) => {
        const open = match.index + match[0].length - 1;
        return { kind, name: match[1] ?? "", at: match.index, ...addressOf(module, open, kind) };
      });
  });
  const set = hitsIn(masked.code, PORT_SET, file)
    .slice(0, MOST)
    .map(({ match }): ListenCall => {
      const [, port] = argumentsAt(masked, masked.bare.indexOf("(", match.index));
      return { kind: "listen", name: ".set", at: match.index, port, host: undefined };
    });
  return [...calls, ...set, ...ownSockets(module), ...exportedServer(module)];
}

/** Socket.IO with a port of its own; as a rule it is given the server that it shares. */
function ownSockets({ masked, file }: Module): ListenCall[] {
  if (!/["']socket\.io["']/.test(masked.code)) return [];
  return hitsIn(masked.code, SOCKETS, file).flatMap(({ match }): ListenCall[] => {
    const [first] = argumentsAt(masked, match.index + match[0].length - 1);
    if (!first || !/^\d+$|port|\benv\b/i.test(masked.code.slice(first.from, first.to))) return [];
    return [{ kind: "socket", name: "socket.io", at: match.index, port: first, host: undefined }];
  });
}

/** `export default { port: 3000, fetch: app.fetch }`, which Bun serves. */
function exportedServer({ masked, properties }: Module): ListenCall[] {
  const start = /\bexport\s+default\s*\{/.exec(masked.bare)?.index;
  if (start === undefined) return [];
  const inside = properties().filter(({ keyAt }) => keyAt > start);
  const fetch = propertyAt(inside, ["fetch"]);
  if (!fetch) return [];
  return [
    {
      kind: "serve",
      name: "export default",
      at: start,
      port: propertyAt(inside, ["port"]),
      host: propertyAt(inside, ["hostname"]),
    },
  ];
}

function addressOf(
  module: Module,
  open: number,
  kind: ListenCall["kind"],
): { port: Span | undefined; host: Span | undefined } {
  const found = argumentsAt(module.masked, open);
  const object = found.find(({ from }) => module.masked.bare[from] === "{") ?? objectNamed(module, found[0]);
  if (object) {
    const inside = module.properties().filter(({ keyAt }) => keyAt > object.from && keyAt < object.to);
    // The shallowest one: options of the server itself, not of what is in it.
    const key = (...names: string[]) =>
      inside
        .filter(({ path }) => names.includes(path.at(-1) ?? ""))
        .toSorted((a, b) => a.path.length - b.path.length)[0];
    return { port: key("port"), host: key("host", "hostname") };
  }
  const [first, second] = found;
  // Nothing but what is called when it listens.
  if (first && CALLBACK.test(module.masked.bare.slice(first.from, first.to)))
    return { port: undefined, host: undefined };
  const host = second && /^["'`]|^\w+$/.test(module.masked.code.slice(second.from, second.to)) ? second : undefined;
  return { port: kind === "listen" ? first : undefined, host };
}

/** The object literal of a variable that is handed over. */
function objectNamed(module: Module, argument: Span | undefined): Span | undefined {
  if (!argument) return undefined;
  const name = module.masked.code.slice(argument.from, argument.to);
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return undefined;
  const span = module.variable(name)?.span;
  const found = span && trimmed(module.masked, span);
  return found && module.masked.bare[found.from] === "{" ? found : undefined;
}
