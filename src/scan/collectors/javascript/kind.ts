import { recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import type { Dependency } from "../../declared/dependency.ts";
import type { Evidence, Kind } from "../../fact.ts";
import { hitsIn } from "../../search.ts";
import type { FoundFramework } from "./framework.ts";
import { scriptsOf } from "./imports.ts";
import type { Project } from "./project.ts";
import type { Site } from "./sites/site.ts";
import type { Start } from "./started.ts";
import { documentOf } from "./workspaces.ts";

const VIEWS = [
  "ejs",
  "pug",
  "jade",
  "hbs",
  "express-handlebars",
  "handlebars",
  "nunjucks",
  "eta",
  "mustache",
  "mustache-express",
  "@fastify/view",
  "@fastify/static",
  "koa-static",
  "koa-views",
  "serve-static",
  "vite-express",
  "@kitajs/html",
  "@elysiajs/html",
  "@elysiajs/static",
];
const SENDS = /\bexpress\.static\s*\(|\bserveStatic\s*\(|\.sendFile\s*\(|\.render\s*\(/;
const WORKERS =
  /^(?:bullmq|bull|bee-queue|agenda|amqplib|amqp-connection-manager|kafkajs|node-rdkafka|nats|pg-boss|graphile-worker|@temporalio\/worker|node-cron|node-schedule|cron|croner|discord\.js|telegraf|grammy|node-telegram-bot-api|tmi\.js|oceanic\.js|eris|whatsapp-web\.js|@whiskeysockets\/baileys|mineflayer|matrix-bot-sdk|@slack\/rtm-api|twit|@aws-sdk\/client-sqs|sqs-consumer)$/;

interface Weighed {
  kind: Kind;
  confidence: number;
  at: Evidence;
}

/** What is published for others to use, and not started. */
export function publishedKind(project: Project): Weighed | undefined {
  const { manifest, isRoot, workspace, at } = project;
  const { data } = manifest;
  // Where the root is what is deployed, the packages are parts of it.
  if (isRoot && workspace && isDeployed(project)) return undefined;
  if (isRoot && workspace)
    return {
      kind: "library",
      confidence: 0.8,
      at: project.view.seenAt(
        workspace.file,
        documentOf(project.view.snapshot, workspace.file),
        workspace.path,
        "workspace-root",
      ),
    };
  const action = ["action.yml", "action.yaml"].find((base) => project.here.has(base));
  if (action !== undefined)
    return { kind: "cli", confidence: 0.8, at: project.view.seen(project.view.path(action) ?? action, 1, "action") };
  if (valueAt(data, ["bin"]) !== undefined) return { kind: "cli", confidence: 0.8, at: at(["bin"], "bin") };
  const keys = ["exports", "types", "typings", "module", "files", "publishConfig", "peerDependencies"] as const;
  const key = keys.find((name) => valueAt(data, [name]) !== undefined && isNamed(data, name));
  const open = valueAt(data, ["private"]) !== true;
  if (key !== undefined && (open || workspace)) return { kind: "library", confidence: 0.8, at: at([key], "published") };
  if (workspace) return { kind: "library", confidence: 0.7, at: at([], "workspace-member") };
  if (
    stringAt(data, ["main"]) !== undefined &&
    open &&
    Object.keys(recordAt(data, ["scripts"])).includes("prepublishOnly")
  )
    return { kind: "library", confidence: 0.7, at: at(["main"], "published") };
  return undefined;
}

const DEPLOYMENT =
  /^(?:Dockerfile|Containerfile|Procfile|fly\.toml|railway\.(?:json|toml)|render\.ya?ml|vercel\.json|netlify\.toml|app\.ya?ml|nixpacks\.toml)$/;

/** Whether a platform or an image takes the folder as it is. */
export function isDeployed({ here }: Project): boolean {
  return [...here].some((base) => DEPLOYMENT.test(base));
}

/** Whether its pages are those of a program for desks, that no platform takes as a site. */
export function isDesktop(project: Project): boolean {
  const { manifest, exists } = project;
  const electron = manifest.dependencies.has("electron") && stringAt(manifest.data, ["main"]) !== undefined;
  const tauri =
    exists("src-tauri/tauri.conf.json") || exists("src-tauri/tauri.conf.json5") || exists("src-tauri/Tauri.toml");
  // Wails builds the pages of its `frontend` folder into a program of Go.
  return (electron || tauri || exists("../wails.json")) && !isDeployed(project);
}

/** Whether a package looks as if it is made to be imported. */
export function isPublished({ manifest, here }: Project): boolean {
  const { data, scripts } = manifest;
  if (here.has("action.yml") || here.has("action.yaml")) return true;
  const publishes = here.has(".npmignore") || scripts.has("prepublishOnly");
  if (publishes && stringAt(data, ["main"]) !== undefined && valueAt(data, ["private"]) !== true) return true;
  const keys = ["exports", "types", "typings", "module", "files", "publishConfig", "bin"];
  return (
    valueAt(data, ["private"]) !== true && keys.some((key) => valueAt(data, [key]) !== undefined && isNamed(data, key))
  );
}

/** What `bun init` writes names the program and its compiler, not what others import. */
function isNamed(data: unknown, key: string): boolean {
  if (key === "module") return !/\.tsx?$/.test(stringAt(data, [key]) ?? "");
  return key !== "peerDependencies" || Object.keys(recordAt(data, [key])).some((name) => name !== "typescript");
}

/** What a package that starts, or is served, is. */
export function runningKind(
  project: Project,
  {
    framework,
    site,
    start,
    serves,
  }: { framework: FoundFramework | undefined; site: Site | undefined; start: Start | undefined; serves: boolean },
): Weighed | undefined {
  const { at } = project;
  const shown = framework?.at.at(-1) ?? at([], "manifest");
  const own = start && !start.static;
  if (site && !(framework?.row.role !== "site" && own))
    return { kind: site.kind, confidence: framework?.used ? 0.8 : 0.6, at: shown };
  if (framework?.row.role === "server" || serves || framework?.row.role === "client") {
    const view = viewAt(project) ?? (framework?.row.role === "client" ? shown : undefined);
    return view
      ? { kind: "web", confidence: 0.7, at: view }
      : { kind: framework?.row.kind ?? "api", confidence: 0.7, at: shown };
  }
  const worker = workerOf(project);
  if (own && worker)
    return { kind: "worker", confidence: 0.6, at: project.view.seen(worker.file, worker.place(), "dependency") };
  const mock = start?.program === "json-server";
  return start?.static ? { kind: mock ? "api" : "static", confidence: 0.6, at: start.at[0] ?? shown } : undefined;
}

/** The package for work that nobody asks for by HTTP: queues, schedules, bots. */
export function workerOf({ manifest }: Project): Dependency | undefined {
  return [...manifest.dependencies.values()].find(({ name, group }) => group === "prod" && WORKERS.test(name));
}

/** What shows that a server sends pages. */
function viewAt({ view, needs }: Project): Evidence | undefined {
  const found = VIEWS.map(needs).find((one) => one !== undefined);
  if (found) return view.seen(found.file, found.place(), "views");
  for (const file of scriptsOf(view)) {
    const [hit] = SENDS.test(view.snapshot.text(file) ?? "")
      ? hitsIn(view.snapshot.code(file, "javascript")?.bare ?? "", new RegExp(SENDS, "g"), file)
      : [];
    if (hit) return view.seen(file, hit.place, "pages");
  }
  return undefined;
}
