import { joinPath } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn, searchCode } from "../../search.ts";
import type { MixProject } from "./project.ts";

interface Seen<T> {
  value: T;
  at: Evidence;
}

/** What production is configured by, the last to count first. */
const SETTINGS = [
  "config/runtime.exs",
  "config/releases.exs",
  "config/prod.exs",
  "config/prod.secret.exs",
  "config/config.exs",
];
const FROM_ENVIRONMENT =
  /System\.(?:get_env|fetch_env!?)\(\s*"PORT"\s*(?:,\s*"(\d{2,5})"\s*)?\)\s*(?:\|\|\s*"?(\d{2,5})"?)?(?:\s*\|>\s*String\.to_integer(?:\(\))?)?/g;

/** The port of the endpoint in the settings of production, else the one that the code gives to its server. */
export function portOf(project: MixProject): Seen<number> | undefined {
  return inSettings(project) ?? inCode(project);
}

function inSettings(project: MixProject): Seen<number> | undefined {
  for (const file of settings(project)) {
    const code = project.view.snapshot.code(file)?.code ?? "";
    const named = hitsIn(code, FROM_ENVIRONMENT, file).find(
      ({ match }) => match[1] !== undefined || match[2] !== undefined,
    );
    const literal = hitsIn(code, /\bhttp:\s*\[[^\]]*?\bport:\s*(\d{2,5})/g, file)[0];
    const hit = named ?? literal;
    const value = Number(hit?.match[1] ?? hit?.match[2]);
    if (hit && value > 0) return { value, at: project.view.seen(file, hit.place, "endpoint") };
  }
  return undefined;
}

/** `{Bandit, plug: Router, port: 4001}` and `{Plug.Cowboy, scheme: :http, plug: Router, options: [port: 4001]}`. */
function inCode({ view }: MixProject): Seen<number> | undefined {
  const server = /\{\s*(?:Bandit|Plug\.Cowboy|Plug\.Adapters\.Cowboy2?)\s*,[^}]*?\bport:\s*([^,\]}]+)/g;
  for (const { file, match, place } of searchCode(view, server, { extensions: ["ex", "exs"] })) {
    const expression = (match[1] as string).trim();
    const name = /^(\w+)\(?\)?$/.exec(expression)?.[1];
    const code = view.snapshot.code(file)?.code ?? "";
    const assigned = name === undefined ? undefined : new RegExp(`\\b${name}\\s*=\\s*([^\\n]+)`).exec(code)?.[1];
    const digits =
      /^(\d{2,5})$/.exec(expression)?.[1] ??
      /"PORT"[^\n]*?"?(\d{2,5})"?/.exec(`${expression} ${assigned ?? ""}`)?.[1] ??
      /^\s*(\d{2,5})\s*$/.exec(assigned ?? "")?.[1];
    if (digits !== undefined) return { value: Number(digits), at: view.seen(file, place, "server") };
  }
  return undefined;
}

/** The address of the endpoint, as it is written in `ip:`. */
export function bindOf(project: MixProject): Seen<string> | undefined {
  for (const file of settings(project)) {
    const code = project.view.snapshot.code(file)?.code ?? "";
    const [hit] = hitsIn(code, /\bip:\s*\{\s*([\d,\s]+?)\s*\}/g, file);
    const parts = hit?.match[1]?.split(/\s*,\s*/) ?? [];
    if (!hit || (parts.length !== 4 && parts.length !== 8)) continue;
    const value = parts.length === 4 ? parts.join(".") : parts.every((part) => part === "0") ? "::" : parts.join(":");
    return { value, at: project.view.seen(file, hit.place, "endpoint") };
  }
  return undefined;
}

/** Settings of the unit, else those of the umbrella around it. */
function settings({ view, path, umbrella }: MixProject): string[] {
  return SETTINGS.flatMap((name) => {
    const above = umbrella === undefined ? undefined : (joinPath(umbrella, name) as string);
    return path(name) ?? (above !== undefined && view.snapshot.has(above) ? above : []);
  });
}
