import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Registered } from "./route.ts";

/** A framework whose routes are files. */
interface Convention {
  /** Packages, one of which is there. */
  packages: readonly string[];
  /** Path inside the unit, without its extension; its first group is the path of the route. */
  file: RegExp;
  /** The group as a path. */
  path(group: string): string | undefined;
  /** What the file has to have; a page is no answer for machines. */
  answers?: RegExp;
}

const GET =
  /\bexport\s+(?:(?:async\s+)?function\s*\*?\s*GET\b|(?:const|let|var)\s+(?:GET|ALL)\b|\{[^}]*\b(?:GET|ALL)\b)/;
const LOADER = /\bexport\s+(?:(?:async\s+)?function\s+loader\b|const\s+loader\b|\{[^}]*\bloader\b)|\bserver\s*:\s*\{/;
const same = (group: string) => group;
const withoutIndex = (group: string) => group.replace(/(?:^|\/)index$/, "");
/** `health.get`, `health.head` of Nitro: the method stands in the name. */
const nitro = (group: string) => {
  const method = /\.(get|post|put|patch|delete|head|options|connect|trace)$/.exec(group)?.[1];
  return method === undefined || method === "get" ? withoutIndex(group.replace(/\.get$/, "")) : undefined;
};
/** `api.health`, `_auth.health`, `resources+/health`: dots and plus signs divide, an underscore leads what has no path. */
const remix = (group: string) =>
  group
    .split(/[./]|\+\//)
    .map((part) => part.replace(/_$/, ""))
    .filter((part) => !/^_(?!healthz?|_|status|live|ready|ping)/.test(part) && !/^(?:index|route|_index)$/.test(part))
    .map((part) => part.replace(/^\[(.+)\]$/, "$1"))
    .join("/");

const CONVENTIONS: readonly Convention[] = [
  {
    packages: ["next"],
    file: /^(?:src\/)?app\/(.+)\/route$/,
    path: (group) => group.replace(/\([^)]*\)\/?/g, ""),
    answers: GET,
  },
  { packages: ["next"], file: /^(?:src\/)?pages\/(api\/.+)$/, path: withoutIndex },
  {
    packages: ["nuxt", "nuxt3", "nitropack", "nitro", "@analogjs/platform"],
    file: /^(?:src\/)?server\/(api\/.+)$/,
    path: nitro,
  },
  {
    packages: ["nuxt", "nuxt3", "nitropack", "nitro", "@analogjs/platform"],
    file: /^(?:src\/)?server\/routes\/(.+)$/,
    path: nitro,
  },
  { packages: ["nitropack", "nitro"], file: /^(?:src\/)?(api\/.+)$/, path: nitro },
  { packages: ["nitropack", "nitro"], file: /^(?:src\/)?routes\/(.+)$/, path: nitro },
  {
    packages: ["@sveltejs/kit"],
    file: /^src\/routes\/(.+)\/\+server$/,
    path: (group) => group.replace(/\([^)]*\)\/?/g, ""),
    answers: GET,
  },
  {
    packages: [
      "@remix-run/react",
      "@remix-run/node",
      "@remix-run/server-runtime",
      "@react-router/node",
      "@react-router/dev",
    ],
    file: /^(?:src|app)\/routes\/(.+)$/,
    path: remix,
    answers: LOADER,
  },
  { packages: ["astro"], file: /^src\/pages\/(.+)$/, path: withoutIndex, answers: GET },
  { packages: ["@solidjs/start", "solid-start"], file: /^src\/routes\/(.+)$/, path: withoutIndex, answers: GET },
  {
    packages: ["@tanstack/react-start", "@tanstack/solid-start", "@tanstack/start"],
    file: /^(?:src|app)\/routes\/(.+)$/,
    path: remix,
    answers: /\bserver\s*:\s*\{|createServerFileRoute|createAPIFileRoute|\bexport\s+const\s+(?:Server|API)Route\b/,
  },
  {
    packages: ["fresh", "@fresh/core", "$fresh"],
    file: /^routes\/(.+)$/,
    path: withoutIndex,
    answers: /\bhandlers?\b/,
  },
  { packages: ["@redwoodjs/api"], file: /^(?:api\/)?src\/functions\/([^/]+)(?:\/\1)?$/, path: same },
];
const CODE = /^(?:[cm]?[jt]sx?)$/;
const NAMED = /health|live|ready|ping|status|(?:^|\/)up(?:\.|\/)|heartbeat|alive/i;

/** Routes that are files, as the frameworks of the unit lay them out. */
export function fileRoutes(view: View, into: Registered): void {
  const candidates = view.files.filter((path) => NAMED.test(path) && CODE.test(extensionOf(path)));
  if (candidates.length === 0) return;
  const { snapshot, unit } = view;
  const packages = new Set(dependenciesOf(snapshot, unit.path).map(({ name }) => name));
  if (view.files.some((path) => /(?:^|\/)fresh\.(?:config|gen)\.ts$/.test(path))) packages.add("fresh");
  const base = packages.has("next") ? nextBase(view) : "";
  for (const file of candidates) {
    const inside = (unit.path === "." ? file : file.slice(unit.path.length + 1)).replace(/\.[cm]?[jt]sx?$/, "");
    for (const convention of CONVENTIONS) {
      const group = convention.packages.some((name) => packages.has(name))
        ? convention.file.exec(inside)?.[1]
        : undefined;
      const path = group === undefined ? undefined : convention.path(group);
      const code = snapshot.code(file)?.code ?? "";
      const found = convention.answers ? convention.answers.exec(code) : /\S/.exec(code);
      if (path === undefined || !found) continue;
      into.routes.push({
        file,
        at: found.index,
        owner: "(file)",
        path: base + path,
        rule: "route-file",
        confidence: 0.85,
      });
      break;
    }
  }
}

/** `basePath` of the configuration stands in front of each route. */
function nextBase({ snapshot, path }: View): string {
  const file = ["next.config.js", "next.config.mjs", "next.config.ts"]
    .map((name) => path(name))
    .find((at) => at !== undefined && snapshot.has(at));
  const code = file === undefined ? "" : (snapshot.code(file)?.code ?? "");
  const base = /\bbasePath\s*:\s*(["'`])(\/[\w/-]+)\1/.exec(code)?.[2];
  return base === undefined ? "" : `${base}/`;
}
