import { recordAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { joinPath } from "../../../formats/tree.ts";
import { generatedPaths } from "../../base-store.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import type { Plan, PlannedService } from "../../plan.ts";

/** Frameworks as Vercel calls them; others are served as plain files or not at all. */
const FRAMEWORKS: Record<string, string> = {
  next: "nextjs",
  nuxt: "nuxtjs",
  remix: "remix",
  "react-router": "react-router",
  sveltekit: "sveltekit",
  astro: "astro",
  angular: "angular",
  vite: "vite",
  "create-react-app": "create-react-app",
  gatsby: "gatsby",
  solidstart: "solidstart-1",
  eleventy: "eleventy",
  docusaurus: "docusaurus-2",
  vitepress: "vitepress",
  hugo: "hugo",
  jekyll: "jekyll",
};
const HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "X-Frame-Options", value: "SAMEORIGIN" },
];

/** Keys that the plan decides. */
const DECIDED: ReadonlySet<string> = new Set([
  ...["framework", "buildCommand", "installCommand", "outputDirectory", "headers", "rewrites", "crons"],
]);

/** Vercel's settings for each service it can run; where `vercel.ts` says them already, ours is a proposal. */
export const vercel: Kind = {
  id: "vercel",
  title: "Vercel",
  wanted: ({ target, platforms }) => target === "vercel" || platforms.includes("vercel"),
  render: (plan) => plan.services.filter(isForVercel).map((service) => settingsFile(service, plan)),
};

/** A worker, and a server that waits for connections, do not run there. */
function isForVercel({ role, framework }: PlannedService): boolean {
  return role === "static" || (role === "http" && framework !== null && framework in FRAMEWORKS);
}

function settingsFile(service: PlannedService, plan: Plan): GeneratedFile {
  const path = joinPath(service.path, "vercel.json") ?? "vercel.json";
  const rival = joinPath(service.path, "vercel.ts") ?? "vercel.ts";
  const proposal = plan.tree.has(rival);
  return {
    path: proposal ? `${rival}.proposed.json` : path,
    text: `${JSON.stringify(settings(service, plan, path), null, 2)}\n`,
    ownership: proposal ? "seed" : "managed",
    why: `how Vercel builds and serves ${service.name}`,
    ...(proposal ? { notes: [`${rival} and vercel.json exclude each other: ours is only a proposal`] } : {}),
  };
}

function settings(service: PlannedService, plan: Plan, path: string): Record<string, unknown> {
  const { framework, build, install, output, role, spa, crons } = service;
  const known = framework ? FRAMEWORKS[framework] : undefined;
  const old = recordAt(parseJson(plan.tree.text(path) ?? "{}").value);
  const scheduled = crons
    .filter(({ command }) => command?.startsWith("/"))
    .map(({ command, schedule }) => ({ path: command, schedule }));
  const own: Record<string, unknown> = {
    $schema: "https://openapi.vercel.sh/vercel.json",
    ...(known ? { framework: known } : {}),
    ...(build ? { buildCommand: build } : {}),
    ...(install ? { installCommand: install } : {}),
    ...(role === "static" && output ? { outputDirectory: output } : {}),
    headers: [{ source: "/(.*)", headers: HEADERS }],
    ...(spa ? { rewrites: [{ source: "/((?!api/).*)", destination: "/index.html" }] } : {}),
    ...(scheduled.length > 0 ? { crons: scheduled } : {}),
  };
  // What people wrote there goes before, key by key; in a file of ours only what we do not decide, or it would never change.
  const isOurs = generatedPaths((name) => plan.tree.text(name)).whole.has(path);
  const theirs = Object.entries(old).filter(([key]) => !isOurs || !DECIDED.has(key));
  return { ...own, ...Object.fromEntries(theirs) };
}
