import type { ManifestConfig } from "../config/schema.ts";
import type { ScannedService, ScanReport } from "../contract/scan.ts";
import type { Path } from "../formats/document.ts";
import { isIn, type Tree } from "../formats/tree.ts";
import type { Finding } from "../lint/finding.ts";
import { CERTAIN } from "../scan/fact.ts";
import type { ManifestSource } from "./manifest-source.ts";

type ServiceConfig = ManifestConfig["services"][string];

interface Site {
  name: string;
  config: ServiceConfig;
  scanned: ScannedService;
  report: ScanReport;
  tree: Tree;
}
interface Contradiction {
  path: Path;
  message: string;
}

const RELATIONAL: ReadonlySet<string> = new Set(["postgres", "mysql", "mariadb", "mssql", "oracle"]);
const SERVERS: ReadonlySet<ScannedService["kind"]> = new Set(["web", "api", "ssr"]);
/** Tools that the manifest knows by name: of others it cannot say the right one. */
const TOOLS: ReadonlySet<string> = new Set(["alembic", "prisma", "drizzle", "django", "rails", "flyway"]);

/** What the manifest says and the code says otherwise, each with the line of both. The manifest wins, so each is a warning. Pure. */
export function contradictionsOf(
  manifest: ManifestConfig,
  services: readonly { name: string; scanned: ScannedService | undefined }[],
  { report, tree, source, made }: { report: ScanReport; tree: Tree; source: ManifestSource; made: ReadonlySet<string> },
): Finding[] {
  // What was written from the manifest says what the manifest says.
  const paths = tree.paths.filter((path) => !made.has(path) && !path.startsWith(".stationmaster/"));
  const found = services.flatMap(({ name, scanned }) => {
    const config = manifest.services[name];
    // One of several programs in a folder that has another name is not the one that was written about.
    const rivals = report.services.filter(({ path }) => path === scanned?.path);
    if (!config || !scanned || (rivals.length > 1 && scanned.name !== name)) return [];
    const site = { name, config, scanned, report, tree: { ...tree, paths } };
    return [portOf(site), healthOf(site), kindOf(site), toolOf(site)].filter((one) => one !== undefined);
  });
  return [...found, ...storesOf(manifest, report)].map(({ path, message }) => ({
    rule: "manifest",
    severity: "warning",
    file: source.file,
    line: source.line(path),
    message,
  }));
}

/** Code that reads PORT takes the port of the manifest; other code listens where it always does. */
function portOf({ name, config, scanned, report }: Site): Contradiction | undefined {
  const ignores = report.gaps.some(({ id, service }) => id === "port-ignored" && service === scanned.name);
  if (!ignores || config.port === undefined || scanned.port === null || config.port === scanned.port) return undefined;
  return {
    path: ["services", name, "port"],
    message: `${name} is to listen on ${config.port}, and the code listens on ${scanned.port} whatever PORT says (${placeOf(report, `${scanned.name}.port`)})`,
  };
}

/** A route that nobody wrote, where the code has another one for it. */
function healthOf({ name, config, scanned, report, tree }: Site): Contradiction | undefined {
  const id = `${scanned.name}.health`;
  const fact = report.facts[id];
  const asked = config.health?.path;
  if (asked === undefined || !fact || fact.confidence < CERTAIN || fact.source !== "code") return undefined;
  const known = [fact, ...fact.alternatives, report.facts[`${scanned.name}.readiness`]].map((one) => one?.value);
  const word = asked.split(/[?#]/)[0]?.split("/").filter(Boolean).at(-1);
  if (known.includes(asked) || word === undefined || isNamed(word, scanned.path, tree)) return undefined;
  return {
    path: ["services", name, "health"],
    message: `${name} is to be asked for ${asked}, which nothing in its code names; it has ${String(fact.value)} (${placeOf(report, id)})`,
  };
}

function isNamed(word: string, folder: string, tree: Tree): boolean {
  const own = tree.paths.filter((path) => isIn(path, folder) && path !== "stationmaster.yaml");
  return own.some((path) => path.includes(word) || (tree.text(path) ?? "").includes(word));
}

/** The code of what shall be a worker listens. */
function kindOf({ name, config, scanned, report }: Site): Contradiction | undefined {
  const id = `${scanned.name}.port`;
  const port = report.facts[id];
  // A start of its own may be another program than the one that was found.
  const isOther = config.start !== undefined && config.start.join(" ") !== scanned.start;
  if (config.kind !== "worker" || isOther || !SERVERS.has(scanned.kind)) return undefined;
  if (!port || port.confidence < CERTAIN || port.source !== "code") return undefined;
  return {
    path: ["services", name, "kind"],
    message: `${name} is a worker here, and the code listens on ${String(port.value)} (${placeOf(report, id)})`,
  };
}

function toolOf({ name, config, scanned, report }: Site): Contradiction | undefined {
  const tool = config.migrate?.tool;
  const found = scanned.migrations?.tool;
  if (!tool || !found || !TOOLS.has(tool) || !TOOLS.has(found) || tool === found) return undefined;
  return {
    path: ["services", name, "migrate", "tool"],
    message: `${name} is migrated by ${tool} here, and the code has ${found} (${placeOf(report, `${scanned.name}.migrations`)})`,
  };
}

/** Another database of the same sort is in use, and the one that is declared nowhere. */
function storesOf({ stores }: ManifestConfig, { services }: ScanReport): Contradiction[] {
  const used = services.flatMap((service) => service.stores).filter(({ kind }) => RELATIONAL.has(kind));
  const [other] = used;
  if (!other || used.some(({ kind }) => kind === "postgres")) return [];
  const [at] = other.evidence;
  return Object.entries(stores)
    .filter(([, { kind }]) => kind === "postgres")
    .map(([name]) => ({
      path: ["stores", name, "kind"],
      message: `${name} is postgres here, and the code uses ${other.kind} (${at ? `${at.file}:${at.line}` : "no place known"})`,
    }));
}

function placeOf({ facts }: ScanReport, id: string): string {
  const [first] = facts[id]?.evidence ?? [];
  return first ? `${first.file}:${first.line}` : "no place known";
}
