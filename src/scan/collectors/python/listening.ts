import { extensionOf } from "../../../formats/tree.ts";
import { type Argument, callArguments, closingBracket } from "../../call-arguments.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn } from "../../search.ts";
import { literal } from "./literals.ts";

/** A call that starts a server, and where it listens as far as the code says it. */
export interface Listener {
  file: string;
  /** `uvicorn.run`, `app.run`, … */
  call: string;
  /** The application as text, where it is named by one: `shop.main:app`. */
  target: string | undefined;
  port: { value: number; at: Evidence } | undefined;
  host: string | undefined;
  at: Evidence;
}

/** Where calls keep the port and the host: names of arguments, else places; `address` holds both in one. */
interface CallForm {
  call: string;
  /** Something that the file has to have. */
  needs: RegExp;
  port: readonly (string | number)[];
  host: readonly (string | number)[];
  address?: readonly (string | number)[];
  /** Arguments without which it is no server. */
  only?: RegExp;
  /** Whether it can only be reached from its own machine where the call says nothing. */
  isLocal?: true;
}

const LOOPBACK = "127.0.0.1";
const HOST = ["host", "address", "server_name", "hostname", "listen_address", "server_address", "interface"];
const FORMS: readonly CallForm[] = [
  { call: "uvicorn\\.(?:run|Config)", needs: /\buvicorn\b/, port: ["port"], host: HOST, isLocal: true },
  { call: "hypercorn\\.run|granian\\.Granian|Granian", needs: /hypercorn|granian/i, port: ["port"], host: HOST },
  { call: "socketio\\.run", needs: /socketio/i, port: ["port", 2], host: [...HOST, 1] },
  { call: "(?:web\\.)?run_app", needs: /aiohttp/, port: ["port"], host: HOST },
  { call: "(?:web\\.)?TCPSite", needs: /aiohttp/, port: ["port", 2], host: ["host", 1] },
  { call: "serve|waitress\\.serve", needs: /\bwaitress\b/, port: ["port"], host: HOST, address: ["listen"] },
  { call: "serve", needs: /\bfasthtml\b/, port: ["port"], host: HOST },
  { call: "websockets\\.serve|serve", needs: /\bwebsockets\b/, port: ["port", 2], host: ["host", 1] },
  { call: "ui\\.run", needs: /\bnicegui\b/, port: ["port"], host: HOST },
  {
    call: "mcp\\.run",
    needs: /FastMCP/,
    only: /\b(?:port\s*=|transport\s*=\s*["'](?:sse|http|streamable-http))/,
    port: ["port"],
    host: HOST,
  },
  { call: "run_simple", needs: /werkzeug/, port: ["port", 1], host: ["hostname", 0] },
  { call: "make_server", needs: /make_server/, port: ["port", 1], host: ["host", 0] },
  { call: "bottle\\.run|run", needs: /\bbottle\b/, port: ["port"], host: HOST },
  // Also `demo.queue().launch()`, and what ends in a line of its own: `).launch()`.
  {
    call: "(?:\\w+(?:\\([^()]*\\))?(?:\\.\\w+\\([^()]*\\))*|\\))\\.launch",
    needs: /\bgradio\b/,
    port: ["server_port"],
    host: ["server_name"],
    isLocal: true,
  },
  { call: "\\w+\\.listen", needs: /\btornado\b/, port: ["port", 0], host: ["address", 1] },
  { call: "\\w+\\.add_insecure_port", needs: /\bgrpc\b/, port: [], host: [], address: [0] },
  {
    call: "\\w*(?:HTTPServer|TCPServer|WSGIServer)",
    needs: /http\.server|socketserver|gevent|HTTPServer/,
    port: [],
    host: [],
    address: [0],
  },
  {
    call: "\\w+\\.run(?:_server)?",
    needs: /\b(?:[fF]lask|[sS]anic|[qQ]uart|[dD]ash|[rR]obyn|[bB]ottle|create_app|app)\b/,
    port: ["port", 1],
    host: [...HOST, 0],
  },
];
/** What every such call has: files without it need no closer look. */
const SERVES =
  /\brun\w*\s*\(|\bserve\s*\(|\.listen\s*\(|\.launch\s*\(|Server\s*\(|Config\s*\(|make_server|add_insecure_port|Granian|TCPSite/;
/** `run` of what is no server. */
const NO_SERVER =
  /^(?:subprocess|asyncio|anyio|trio|bot|client|runner|loop|nox|typer|fire|schedule|unittest|executor)\./;

/** The calls of the application's code that start a server, file by file. */
export function listenersIn(view: View, files: readonly string[] = view.sources): Listener[] {
  return files.flatMap((file) => {
    const isCandidate = extensionOf(file) === "py" && SERVES.test(view.snapshot.text(file) ?? "");
    const masked = isCandidate ? view.snapshot.code(file) : undefined;
    if (!masked) return [];
    const seen = new Set<number>();
    return FORMS.flatMap((form) => {
      if (!form.needs.test(masked.code)) return [];
      const calls = new RegExp(`(?<![\\w.])(?<!\\b(?:def|class)[ \\t]+)(${form.call})[ \\t]*\\(`, "g");
      return hitsIn(masked.bare, calls, file).flatMap(({ match, place }): Listener[] => {
        const [whole, call = ""] = match;
        if (seen.has(match.index) || NO_SERVER.test(call)) return [];
        const open = match.index + whole.length - 1;
        if (form.only && !form.only.test(masked.code.slice(open, closingBracket(masked.bare, open)))) return [];
        seen.add(match.index);
        const given = callArguments(masked, open);
        return [
          {
            file,
            call,
            target: textOf(given[0]),
            ...whereTo(view, file, form, given),
            at: view.seen(file, place, "listen"),
          },
        ];
      });
    });
  });
}

function whereTo(
  view: View,
  file: string,
  form: CallForm,
  given: readonly Argument[],
): Pick<Listener, "port" | "host"> {
  const address = pick(given, form.address ?? []);
  const [, inHost, inPort] =
    address === undefined
      ? []
      : (/^\(?\s*([^,]*?)\s*,\s*([\s\S]*?)\s*\)?$/.exec(address.value) ?? joined(address.value));
  const port = pick(given, form.port) ?? (address && inPort !== undefined ? { ...address, value: inPort } : undefined);
  const host = pick(given, form.host) ?? (address && inHost !== undefined ? { ...address, value: inHost } : undefined);
  const isSilent = host === undefined && form.isLocal && !given.some(({ value }) => value.startsWith("**"));
  const number = port && literal(view, file, port.value, port.offset);
  const name = host && literal(view, file, host.value, host.offset);
  const value = number && portOf(number.text);
  return {
    port: value === undefined || !number ? undefined : { value, at: number.at },
    host: isSilent ? LOOPBACK : name && isHost(name.text) ? name.text || "0.0.0.0" : undefined,
  };
}

function isHost(text: string): boolean {
  return /^[\w.:-]*$/.test(text) && !/^\d+$/.test(text);
}

/** `"0.0.0.0:8000"`, `"[::]:50051"`, `"*:8080"` as a host and a port. */
function joined(text: string): string[] | [] {
  const [, host, port, name] = /^[frb]*["'](?:\[?([\w.:*]*?)\]?):(?:(\d+)|\{([\w.]+)\})["']$/.exec(text) ?? [];
  const found = port ?? name;
  return found === undefined ? [] : ["", `"${host === "*" ? "0.0.0.0" : host}"`, found];
}

function pick(given: readonly Argument[], keys: readonly (string | number)[]): Argument | undefined {
  const named = given.find(({ name }) => name !== undefined && keys.includes(name));
  const at = keys.find((key) => typeof key === "number");
  const placed = typeof at === "number" ? given.filter(({ name }) => name === undefined)[at] : undefined;
  return named ?? placed;
}

function textOf(argument: Argument | undefined): string | undefined {
  return /^["']([\w.]+:[\w.]+)["']$/.exec(argument?.value ?? "")?.[1];
}
