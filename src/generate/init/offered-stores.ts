import type { ScannedService, ScanReport } from "../../contract/scan.ts";
import type { Tree } from "../../formats/tree.ts";
import { CERTAIN } from "../../scan/fact.ts";
import type { PlannedStore } from "../plan.ts";
import { planStores, storeKind } from "../plan-stores.ts";
import { sqlDrivers, usesSqlAlchemy } from "../sql-driver.ts";
import { storePart } from "../store-parts.ts";
import type { OfferedStore } from "./manifest.ts";

/** What a service is given of its stores. */
export interface StoreUses {
  env: Record<string, string>;
  dependsOn: string[];
}

interface OfferedStores {
  stores: OfferedStore[];
  left: string[];
  usesOf(service: ScannedService): StoreUses;
}

/** Runtimes whose clients take the address of a database that is a socket on this machine. */
const SOCKETS: ReadonlySet<string> = new Set(["node", "bun", "deno", "python", "go", "ruby", "rust"]);

/** The stores that code uses, as the manifest has them, and the variables that get their addresses. What it has no word for is told. */
export function offeredStores(report: ScanReport, staying: readonly ScannedService[], tree: Tree): OfferedStores {
  const stores: OfferedStore[] = [];
  const left = unwritten(staying);
  for (const planned of planStores(report, undefined)) {
    const users = staying.filter((service) => entries(service, planned).length > 0);
    const seen = users.flatMap((service) => factsOf(service, planned, report));
    const [first] = seen;
    if (!first) continue;
    const { at } = first;
    const { name, kind } = planned;
    if (kind !== "postgres" && kind !== "redis")
      left.push(
        `${kind} (${at}): the manifest knows postgres and redis; ${addressText(addressVariables(planned, users))}`,
      );
    else if (!seen.some(({ confidence }) => confidence >= CERTAIN)) {
      const url = kind === "redis" ? `, url: "\${secret:${planned.variables[0]}}"` : "";
      left.push(`${kind} is assumed (${at}): add stores: { ${name}: { kind: ${kind}${url} } } if it is right`);
    } else if (addressVariables(planned, users).length === 0)
      left.push(`${kind} (${at}): no variable holds its whole address; give what the code reads under \`env\``);
    else if (kind === "postgres" && users.some((service) => driverOf(service, tree)))
      left.push(
        `store ${name} (${at}): its address names a driver (postgresql+${users.map((service) => driverOf(service, tree)).find(Boolean)}://), which that of a store cannot`,
      );
    else {
      const hosted = kind === "postgres" && users.every((service) => takesSocket(service, tree));
      const url = hosted ? null : `\${secret:${addressVariables(planned, users)[0] ?? planned.variables[0]}}`;
      stores.push({ name, kind, url, evidence: at });
    }
  }
  const planned = planStores(report, undefined);
  return { stores, left, usesOf: (service) => usesOf(service, planned, stores) };
}

function usesOf(service: ScannedService, planned: readonly PlannedStore[], stores: readonly OfferedStore[]): StoreUses {
  const uses: StoreUses = { env: {}, dependsOn: [] };
  for (const store of planned.filter((one) => entries(service, one).length > 0)) {
    const variables = addressVariables(store, [service]);
    const offered = stores.find(({ name }) => name === store.name);
    for (const variable of variables)
      uses.env[variable] = offered ? `\${store:${store.name}}` : `\${secret:${variable}}`;
    if (offered) uses.dependsOn.push(store.name);
  }
  return uses;
}

/** Stores that neither the manifest nor any generated file has a word for. */
function unwritten(services: readonly ScannedService[]): string[] {
  const found = services.flatMap((service) =>
    service.stores
      .filter(({ kind }) => storeKind(kind) === undefined && !FILES.has(kind))
      .map(({ kind, evidence: [first] }) => ({ kind, at: first ? `${first.file}:${first.line}` : "no place known" })),
  );
  return [...new Map(found.map((one) => [one.kind, one])).values()].map(
    ({ kind, at }) => `${kind} (${at}): the manifest knows postgres and redis; give its address under \`env\``,
  );
}

function addressText([variable]: readonly string[]): string {
  return variable === undefined ? "give its address under `env`" : `its address is the secret ${variable}`;
}

/** Kept in a folder of the service. */
const FILES: ReadonlySet<string> = new Set(["sqlite", "duckdb"]);

function entries({ stores }: ScannedService, { kind }: Pick<PlannedStore, "kind">): ScannedService["stores"] {
  return stores.filter((store) => storeKind(store.kind) === kind);
}

/** Variables that hold a whole address, and no part of one. */
function addressVariables(store: PlannedStore, services: readonly ScannedService[]): string[] {
  const found = services.flatMap((service) => entries(service, store).flatMap(({ variable }) => variable ?? []));
  return [...new Set(found)].filter((variable) => storePart({ name: variable }, [store]) === undefined);
}

function factsOf(service: ScannedService, store: PlannedStore, { facts }: ScanReport) {
  return entries(service, store).flatMap(({ kind, evidence: [first] }) => {
    const confidence = facts[`${service.name}.store.${kind}`]?.confidence ?? 0;
    return first ? [{ confidence, at: `${first.file}:${first.line}` }] : [];
  });
}

function driverOf({ runtime, path }: ScannedService, tree: Tree): string | undefined {
  return runtime?.name === "python" ? sqlDrivers(tree, path).postgres : undefined;
}

/** Prisma refuses an address without a host, SQLAlchemy one that begins with `postgres:`. */
function takesSocket({ runtime, migrations, path }: ScannedService, tree: Tree): boolean {
  if (!SOCKETS.has(runtime?.name ?? "") || migrations?.tool === "prisma") return false;
  return runtime?.name !== "python" || !usesSqlAlchemy(tree, path);
}
