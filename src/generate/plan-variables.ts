import type { ScannedService } from "../contract/scan.ts";
import type { Tree } from "../formats/tree.ts";
import { environmentVariable } from "../scan/environment.ts";
import { bucketVariables } from "./bucket-variables.ts";
import { isOfDeveloper } from "./deployed-value.ts";
import { frameworkVariables } from "./framework-variables.ts";
import { jdbcVariables } from "./jdbc.ts";
import { migrationTool } from "./migration-tools.ts";
import type { PlannedService, PlannedStore, PlannedVariable, Target } from "./plan.ts";
import { storeOf } from "./store-of.ts";
import { storePart } from "./store-parts.ts";

interface Site {
  scanned: ScannedService | undefined;
  /** What the manifest says of its environment. */
  said: Record<string, string>;
  /** The stores it uses. */
  stores: readonly PlannedStore[];
  tree: Tree;
  target: Target;
  release: PlannedService["migrations"];
}

/** Services without pages: nothing of theirs is compiled into what browsers load. */
const WITHOUT_PAGES: ReadonlySet<ScannedService["kind"]> = new Set(["api", "worker", "cron", "job", "cli"]);

/** What a service reads, and the addresses of its stores even where code hides how it reads them; values of the manifest go first. */
export function planVariables({ scanned, said, stores, tree, target, release }: Site): PlannedVariable[] {
  const jdbc = scanned?.runtime?.name === "java" ? jdbcVariables(tree, scanned.path) : new Set<string>();
  const read = (scanned?.env ?? []).map((variable): PlannedVariable => {
    const store = storeOf(variable.name, stores);
    // Code that falls back to a store on the same machine finds none there.
    const isLost = store !== null && variable.default !== null && isOfDeveloper(variable.default);
    return {
      ...atRun(variable, scanned),
      ...(isLost ? { required: true } : {}),
      store,
      ...(jdbc.has(variable.name) ? { form: "jdbc" } : {}),
    };
  });
  const missing = stores
    .filter((store) => !read.some(({ name, store: held }) => held === store.name || storePart({ name }, [store])))
    .map(
      ({ name, variables: [variable = ""] }): PlannedVariable => ({
        name: variable,
        class: environmentVariable(variable).class,
        phase: "run",
        required: true,
        default: null,
        store: name,
      }),
    );
  const own = frameworkVariables({ framework: scanned?.framework ?? null, path: scanned?.path ?? ".", tree });
  const all = new Map(
    [
      ...bucketVariables({ read, stores, target }),
      ...ofMigrations(release, stores, scanned),
      ...missing,
      ...read,
      // Settings files read what the framework needs as if they could do without.
      ...own,
    ].map((one) => [one.name, one]),
  );
  for (const [name, text] of Object.entries(said)) all.set(name, decided(name, text, all.get(name)));
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The address by which a tool of migrations finds the database, where the program itself reads another. */
function ofMigrations(
  release: Site["release"],
  stores: readonly PlannedStore[],
  scanned: ScannedService | undefined,
): PlannedVariable[] {
  const store = stores.find(({ kind }) => ["postgres", "mysql", "mariadb"].includes(kind));
  const tool = release && migrationTool(release.command, scanned?.runtime?.name ?? "");
  if (!store || !tool?.byAddress || /--(?:database-)?url[ =]/.test(release?.command ?? "")) return [];
  return [{ name: ADDRESS, class: "secret", phase: "run", required: true, default: null, store: store.name }];
}
const ADDRESS = "DATABASE_URL";

/** A prefix that pages have means nothing where there are none: the program reads it while it runs. */
function atRun(variable: ScannedService["env"][number], scanned: ScannedService | undefined) {
  const misread = variable.class === "public" && scanned !== undefined && WITHOUT_PAGES.has(scanned.kind);
  return misread ? { ...variable, class: "config" as const, phase: "run" as const } : variable;
}

/** A variable with what the manifest says of it; references are filled in by the platform. */
function decided(name: string, text: string, known: PlannedVariable | undefined): PlannedVariable {
  const kind = known?.class ?? environmentVariable(name).class;
  const isSecret = text.includes("${secret:") || kind === "secret";
  const isOpen = isSecret || text.includes("${");
  return {
    store: null,
    phase: "run",
    ...known,
    name,
    class: isSecret ? "secret" : kind === "provided" ? "config" : kind,
    required: true,
    default: isOpen ? null : text,
    ...(isOpen ? {} : { decided: true }),
  };
}
