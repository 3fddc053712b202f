import { isDeepStrictEqual } from "node:util";
import { isRecord, recordAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { joinPath } from "../../../formats/tree.ts";
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

/** Vercel's settings for each service it can run; where `vercel.ts` says them already, ours is a proposal. */
export const vercel: Kind = {
  id: "vercel",
  title: "Vercel",
  wanted: ({ target, platforms }) => target === "vercel" || platforms.includes("vercel"),
  render(plan) {
    const [first, ...more] = plan.services.filter(isForVercel).map((service) => settingsFile(service, plan));
    const others = plan.services.filter((service) => !isForVercel(service)).map(({ name }) => name);
    if (!first || others.length === 0) return first ? [first, ...more] : [];
    const note = `vercel.json is for pages and frameworks that Vercel runs; ${others.join(", ")} ${others.length === 1 ? "has" : "have"} none`;
    return [{ ...first, notes: [...(first.notes ?? []), note] }, ...more];
  },
};

/** A worker, and a server that waits for connections, do not run there. */
function isForVercel({ role, framework }: PlannedService): boolean {
  return role === "static" || (role === "http" && framework !== null && Object.hasOwn(FRAMEWORKS, framework));
}

function settingsFile(service: PlannedService, plan: Plan): GeneratedFile {
  const path = joinPath(service.path, "vercel.json") ?? "vercel.json";
  const rival = joinPath(service.path, "vercel.ts") ?? "vercel.ts";
  const own = besideTheirs(settings(service), recordAt(parseJson(plan.tree.text(path) ?? "{}").value));
  const file = { text: textOf(own), why: `how Vercel builds and serves ${service.name}` };
  if (plan.tree.has(rival)) {
    const notes = [`${rival} and vercel.json exclude each other: ours is only a proposal`];
    return { ...file, path: `${rival}.proposed.json`, ownership: "seed", notes };
  }
  const adopted = adoptedFile(plan.tree.text(path), own);
  return { ...file, path, ownership: "managed", ...(adopted ? { adopted } : {}) };
}

function settings({ framework, build, install, output, role, spa, crons }: PlannedService): Record<string, unknown> {
  const known = framework !== null && Object.hasOwn(FRAMEWORKS, framework) ? FRAMEWORKS[framework] : undefined;
  // Vercel's own schedules have an address for a name, and no command.
  const scheduled = crons
    .map(({ name, command, schedule }) => ({ path: command ?? name, schedule }))
    .filter(({ path }) => path.startsWith("/"));
  return {
    $schema: "https://openapi.vercel.sh/vercel.json",
    ...(known ? { framework: known } : {}),
    ...(build ? { buildCommand: build } : {}),
    ...(install ? { installCommand: install } : {}),
    ...(role === "static" && output ? { outputDirectory: output } : {}),
    headers: [{ source: "/(.*)", headers: HEADERS }],
    ...(spa ? { rewrites: [{ source: "/((?!api/).*)", destination: "/index.html" }] } : {}),
    ...(scheduled.length > 0 ? { crons: scheduled } : {}),
  };
}

/** Older keys that newer ones must not stand beside. */
const RIVALS: Record<string, readonly string[]> = {
  routes: ["headers", "rewrites"],
  builds: ["framework", "buildCommand", "installCommand", "outputDirectory"],
};

function besideTheirs(own: Record<string, unknown>, old: Record<string, unknown>): Record<string, unknown> {
  const refused = Object.entries(RIVALS).flatMap(([key, rivals]) => (Object.hasOwn(old, key) ? rivals : []));
  return Object.fromEntries(Object.entries(own).filter(([key]) => !refused.includes(key)));
}

/** What people wrote goes before ours, key by key; what of it is as ours would be does not count as ours, so that it stays. */
function adoptedFile(current: string | undefined, own: Record<string, unknown>): GeneratedFile["adopted"] {
  const old = current === undefined ? undefined : parseJson(current).value;
  if (current === undefined || !isRecord(old)) return undefined;
  const adds = Object.keys(own).some((key) => !Object.hasOwn(old, key));
  const ours = Object.entries(own).filter(([key, value]) => !isDeepStrictEqual(value, old[key]));
  return { text: adds ? textOf({ ...own, ...old }) : current, base: textOf(Object.fromEntries(ours)) };
}

function textOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
