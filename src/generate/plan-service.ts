import type { ManifestConfig } from "../config/schema.ts";
import type { ScannedService, ScanReport } from "../contract/scan.ts";
import { recordAt, stringAt } from "../formats/document.ts";
import { joinPath, type Tree } from "../formats/tree.ts";
import { answeredHosts, withHosts } from "./answered-hosts.ts";
import { bucketNote } from "./bucket-variables.ts";
import { checksCertificates } from "./checked-tls.ts";
import { fallingBack } from "./deployed-value.ts";
import { listeningStart } from "./listening-start.ts";
import type { ManifestSource } from "./manifest-source.ts";
import { ownImage } from "./own-image.ts";
import type { PlannedService, PlannedStore, Role, Target } from "./plan.ts";
import { storeKind } from "./plan-stores.ts";
import { planVariables } from "./plan-variables.ts";
import { writingElsewhere } from "./process-command.ts";
import { decidedMigrations, releaseCommand } from "./release-command.ts";
import { sqlDrivers } from "./sql-driver.ts";
import { lostDatabase, placedFolders, stateFolders } from "./state-folders.ts";
import { storePart } from "./store-parts.ts";

interface Site {
  name: string;
  scanned: ScannedService | undefined;
  report: ScanReport;
  manifest: ManifestConfig | undefined;
  source: ManifestSource;
  project: string;
  repository: string | null;
  target: Target;
  domain: string | null;
  stores: readonly PlannedStore[];
  tree: Tree;
  /** Paths that are generated: they are nobody's own. */
  made: ReadonlySet<string>;
  assumptions: string[];
}

type ServiceConfig = ManifestConfig["services"][string];
type Kind = PlannedService["kind"];

const ROLES: Partial<Record<Kind, Role>> = {
  spa: "static",
  static: "static",
  worker: "worker",
  cron: "cron",
  job: "job",
  cli: "job",
};
/** Where nothing says a port: what servers of that runtime listen on by habit. */
const PORTS: Record<string, number> = { node: 3000, bun: 3000, deno: 8000, python: 8000, ruby: 3000, elixir: 4000 };
const OTHER_PORT = 8080;
const SCALE = { min: 2, max: 10, cpu: 70, memory: 80 };
/** Cores and MiB that a small server of a runtime needs; the JVM takes more before it answers at all. */
const RESOURCES: Record<string, { cpu: number; memory: number }> = {
  java: { cpu: 0.5, memory: 1_024 },
  dotnet: { cpu: 0.25, memory: 512 },
  static: { cpu: 0.1, memory: 64 },
  go: { cpu: 0.25, memory: 128 },
  rust: { cpu: 0.25, memory: 128 },
};
const OTHER_RESOURCES = { cpu: 0.25, memory: 512 };
const SECOND_MS = 1_000;
const LOCKFILES = [
  ...["pnpm-lock.yaml", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "bun.lock", "bun.lockb", "deno.lock"],
  ...["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements.txt", "Gemfile.lock", "composer.lock"],
  ...["go.sum", "Cargo.lock", "mix.lock", "packages.lock.json", "gradle.lockfile"],
];

/** One service, decided: manifest before facts before habits. */
export function planService(site: Site): PlannedService {
  const { name, scanned, manifest, report, tree, assumptions } = site;
  const config = manifest?.services[name];
  const path = scanned?.path ?? normalized(config?.path) ?? ".";
  const kind: Kind = config?.kind === "worker" ? "worker" : (scanned?.kind ?? "web");
  const facts = (fact: string) => report.facts[`${scanned?.name}.${fact}`];
  const value = (fact: string) => recordAt(facts(fact)?.value);
  const role = roleOf(kind, scanned, config);
  // What nobody knows how to run is no folder of pages: there is no recipe for it.
  const runtime = scanned?.runtime ?? { name: role === "static" ? "static" : "unknown", version: null };
  const workspace = scanned?.workspace ?? null;
  const port =
    role === "http" || role === "static"
      ? portOf({ name, scanned, config, role, runtime: runtime.name, assumptions })
      : null;
  const stores = storesOf(site);
  const said = config?.start?.join(" ") ?? scanned?.start ?? null;
  const bound = /^\s*bind\b/m.test(tree.text(joinPath(path, "gunicorn.conf.py") ?? "") ?? "");
  const start = said === null ? null : listeningStart(said, port, bound);
  const image = dockerfileOf(site, path, config?.dockerfile ?? stringAt(facts("dockerfile")?.value));
  const { release, why } = releaseCommand({
    migrations: decidedMigrations(config?.migrate) ?? scanned?.migrations ?? null,
    runtime: runtime.name,
    packageManager: scanned?.packageManager ?? null,
    path,
    start,
    theirs: image.own && { ...image.own, text: tree.text(image.path) ?? "" },
    tree,
  });
  if (why) assumptions.push(`${name}: ${why}`);
  const keys = Object.keys(report.facts);
  const keyed = (fact: string) =>
    keys.filter((id) => id.startsWith(`${scanned?.name}.${fact}.`)).map((id) => report.facts[id]?.value);
  const state = [
    ...(config?.data ?? []),
    ...stateFolders(
      keyed("state").map((one) => stringAt(one, ["path"]) ?? ""),
      (file) => assumptions.push(lostDatabase(name, file)),
    ),
  ];
  const answered = answeredHosts({ framework: scanned?.framework ?? null, path, tree });
  const env = withHosts(
    planVariables({ scanned, said: config?.env ?? {}, stores, tree, target: site.target, release }),
    answered,
    site.domain,
  );
  const bucket = bucketNote(name, { env, stores, target: site.target });
  if (bucket !== null) assumptions.push(bucket);
  const local = fallingBack(env).filter((variable) => !storePart({ name: variable }, stores));
  if (local.length > 0)
    assumptions.push(`${name} falls back to an address of its own machine where ${local.join(", ")} is not set`);
  return {
    name,
    path,
    program: scanned && scanned.path === path && scanned.name !== name ? null : programOf(site),
    role,
    kind,
    language: scanned?.languages[0] ?? null,
    runtime,
    packageManager: scanned?.packageManager ?? null,
    lockfile: lockfileOf(tree, [path, workspace ?? path]),
    framework: scanned?.framework ?? null,
    workspace: workspace === path ? null : workspace,
    internal: scanned?.internal ?? [],
    install: scanned?.install ?? null,
    build: config?.build?.join(" ") ?? scanned?.build ?? null,
    test: scanned?.test ?? null,
    start,
    output: scanned?.output ?? null,
    spa: kind === "spa",
    port,
    health: config?.health?.path ?? scanned?.health ?? null,
    readiness: stringAt(facts("readiness")?.value) ?? null,
    processes: (scanned?.processes ?? [])
      .filter((process) => !["web", "release"].includes(process.name))
      .map((process) => ({ ...process, command: writingElsewhere(process.command) })),
    crons: scanned?.crons ?? [],
    env,
    stores: stores.map((store) => store.name),
    migrations: release,
    websocket: facts("websocket") !== undefined,
    metrics: metricsOf(stringAt(value("metrics"), ["path"]), keyed("metric")),
    jsonLogs: value("logging").json === true,
    gracefulStop: facts("shutdown") !== undefined,
    state: placedFolders(state, image, (text) => assumptions.push(`${name}: ${text}`)),
    sqlDrivers: runtime.name === "python" ? sqlDrivers(tree, path) : {},
    checkedTls: checksCertificates(tree, path),
    answered,
    native: keyed("native")
      .map((item) => stringAt(item, ["package"]) ?? "")
      .filter(Boolean)
      .sort(),
    image: imageName(site),
    replicas: config?.replicas ?? 1,
    scale: config?.scale ?? SCALE,
    resources: {
      ...(RESOURCES[role === "static" ? "static" : runtime.name] ?? OTHER_RESOURCES),
      ...given(config?.resources),
    },
    drain: (config?.drain ?? 30 * SECOND_MS) / SECOND_MS,
    grace: (config?.grace ?? 10 * SECOND_MS) / SECOND_MS,
    startup: (config?.startup ?? 60 * SECOND_MS) / SECOND_MS,
    critical: config?.critical ?? true,
    dependsOn: config?.depends_on ?? [],
    dockerfile: image,
    origin: originsOf(site),
  };
}

function roleOf(kind: Kind, scanned: ScannedService | undefined, config: ServiceConfig | undefined): Role {
  const role = ROLES[kind] ?? "http";
  // A page that people start by a server of their own is served by that.
  const serves = config?.start !== undefined || (scanned?.start !== null && scanned?.output === null);
  return role === "static" && serves ? "http" : role;
}

function portOf({
  name,
  scanned,
  config,
  role,
  runtime,
  assumptions,
}: Pick<Site, "name" | "scanned" | "assumptions"> & {
  config: ServiceConfig | undefined;
  role: Role;
  runtime: string;
}): number {
  const known = config?.port ?? scanned?.port;
  if (known) return known;
  const port = role === "static" ? OTHER_PORT : (PORTS[runtime] ?? OTHER_PORT);
  assumptions.push(`${name} listens on ${port}, or on the port that PORT names: nothing in the repository says one`);
  return port;
}

function storesOf({ scanned, stores, manifest, name }: Site): PlannedStore[] {
  const used = new Set((scanned?.stores ?? []).map(({ kind }) => storeKind(kind)));
  const named = manifest?.services[name]?.depends_on ?? [];
  return stores.filter((store) => used.has(store.kind) || named.includes(store.name));
}

function metricsOf(path: string | undefined, names: unknown[]): PlannedService["metrics"] {
  return path === undefined
    ? null
    : {
        path,
        names: names
          .map((item) => stringAt(item, ["name"]) ?? "")
          .filter(Boolean)
          .sort(),
      };
}

function imageName({ name, project, repository, report }: Site): string {
  const alone = report.services.length <= 1;
  if (repository) return `ghcr.io/${repository.toLowerCase()}${alone ? "" : `/${name}`}`;
  return alone || name === project ? project : `${project}-${name}`;
}

function programOf({ scanned, report }: Site): string | null {
  const same = report.services.filter(({ path }) => path === scanned?.path);
  return same.length > 1 ? (scanned?.name ?? null) : null;
}

/** Programs of one folder have a file each: one image runs one of them. */
function dockerfileOf(
  { tree, made, report, name }: Site,
  folder: string,
  named: string | undefined,
): PlannedService["dockerfile"] {
  const own =
    named === undefined
      ? undefined
      : [joinPath(folder, named), named].find((path) => path !== undefined && tree.has(path) && !made.has(path));
  const shared = report.services.filter(({ path }) => path === folder).length > 1;
  const file = shared ? `Dockerfile.${name}` : "Dockerfile";
  const path = own ?? joinPath(folder, file) ?? file;
  if (!tree.has(path) || made.has(path)) return { path, foreign: false };
  return { path, foreign: true, own: ownImage(tree.text(path) ?? "") };
}

function lockfileOf(tree: Tree, folders: readonly string[]): string | null {
  const paths = folders.flatMap((folder) => LOCKFILES.map((file) => joinPath(folder, file) ?? file));
  return paths.find((path) => tree.has(path)) ?? null;
}

function originsOf({ scanned, report, manifest, source, name }: Site): Record<string, string> {
  const prefix = `${scanned?.name}.`;
  const seen = Object.entries(report.facts).flatMap(
    ([
      id,
      {
        evidence: [first],
        confidence,
      },
    ]) =>
      id.startsWith(prefix) && first
        ? [[id.slice(prefix.length), `${first.file}:${first.line} (${first.rule}, ${confidence})`] as const]
        : [],
  );
  const written = Object.keys(manifest?.services[name] ?? {}).filter((key) => source.has(["services", name, key]));
  const said = written.map(
    (key) =>
      [key === "migrate" ? "migrations" : key, `${source.file}:${source.line(["services", name, key])}`] as const,
  );
  return Object.fromEntries([...seen, ...said]);
}

function normalized(path: string | undefined): string | undefined {
  return path === undefined ? undefined : joinPath(".", path);
}

function given<T extends object>(values: T | undefined): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as never;
}
