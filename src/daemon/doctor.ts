import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { DoctorReport, HostBehind, Status } from "../contract/status.ts";
import { toKnownError } from "../core/errors.ts";
import { plural } from "../core/plural.ts";
import { hostsBehind } from "../deploy/left-hosts.ts";
import { dataFolder } from "../store/folders.ts";
import { verifyLedger } from "../store/ledger.ts";
import { checkFindings } from "./check-findings.ts";
import type { Engine } from "./engine.ts";
import { gitHubFindings } from "./github.ts";
import { manualLock, orderedFreezes } from "./holds.ts";
import { notifyFindings } from "./notify-findings.ts";
import { DEPLOYED, neededSecrets, requireSecrets } from "./require.ts";
import { isShared } from "./store.ts";
import { workerFindings } from "./workers.ts";

type Finding = DoctorReport["checks"][number];
const PLATFORM_MS = 30_000;
const LEAST_FREE_BYTES = 500_000_000;

/** What works, what is missing, and what each missing piece switches off. */
export async function examine(engine: Engine, daemon: Status["daemon"]): Promise<DoctorReport> {
  const checks = await Promise.all([
    node(),
    manifest(engine),
    store(engine),
    platform(engine),
    disk(engine),
    ledger(engine),
    secrets(engine),
    holds(engine),
    notifyFindings(engine),
    workerFindings(engine),
    checkFindings(engine),
    gitHubFindings(engine),
  ]);
  return {
    checks: [
      ...checks.flat(),
      daemon.running
        ? ok("daemon", `running as pid ${daemon.pid}${daemon.url ? ` at ${daemon.url}` : ""}`)
        : {
            name: "daemon",
            state: "warning",
            detail: "not running: nothing is watched or healed",
            next: "stationmaster up",
          },
    ],
  };
}

function ok(name: string, detail: string): Finding {
  return { name, state: "ok", detail, next: null };
}

async function attempt(name: string, next: string, look: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return { name, state: "failed", detail: toKnownError(error).message, next };
  }
}

async function node(): Promise<Finding> {
  return ok("node", `${process.version} on ${process.platform}-${process.arch}`);
}

async function manifest(engine: Engine): Promise<Finding> {
  return await attempt("manifest", "correct the manifest", () => {
    const { file, services } = engine.read().manifest;
    return ok("manifest", `${file}: ${plural(Object.keys(services).length, "service")}`);
  });
}

async function store(engine: Engine): Promise<Finding> {
  return await attempt("store", "see postgres.log in the state directory, or check DATABASE_URL", async () => {
    const { rows } = await engine.store.pool.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    const where = isShared()
      ? `at DATABASE_URL, schema ${engine.store.schema}`
      : `embedded, data in ${await storeFolder(engine)}`;
    return ok("store", `PostgreSQL ${rows[0]?.version}, ${where}`);
  });
}

async function storeFolder({ place }: Engine): Promise<string> {
  return (await dataFolder({ dir: join(place.stateDir, "db") })) ?? place.stateDir;
}

async function platform({ platform: { id, examine } }: Engine): Promise<Finding[]> {
  const look = examine?.({ signal: AbortSignal.timeout(PLATFORM_MS) }) ?? Promise.resolve([]);
  return await look.catch((error: unknown) => {
    const { message, next = null } = toKnownError(error);
    return [{ name: id, state: "failed" as const, detail: message, next }];
  });
}

async function disk({ place }: Engine): Promise<Finding> {
  return await attempt("disk", "check the state directory", async () => {
    const { bavail, bsize } = await statfs(place.stateDir);
    const detail = `${((bavail * bsize) / 1e9).toFixed(1)} GB free below ${place.stateDir}`;
    return bavail * bsize > LEAST_FREE_BYTES
      ? ok("disk", detail)
      : { name: "disk", state: "warning", detail, next: "free disk space: deployments need room for a copy" };
  });
}

async function ledger(engine: Engine): Promise<Finding> {
  return await attempt("audit", "restore the database from a backup", async () => {
    const verdict = await verifyLedger(engine.store.db);
    return verdict.intact
      ? ok("audit", `${plural(verdict.entries, "entry", "entries")}, chain intact`)
      : {
          name: "audit",
          state: "failed",
          detail: verdict.why,
          next: "somebody changed the audit; compare with a backup",
        };
  });
}

async function holds(engine: Engine): Promise<Finding[]> {
  const warning = { name: engine.environment, state: "warning" } as const;
  try {
    const lock = await manualLock(engine);
    return [
      ...(lock
        ? [
            {
              ...warning,
              detail: `locked by ${lock.holder} since ${lock.since}: ${lock.reason}`,
              next: `stationmaster unlock ${engine.environment}`,
            },
          ]
        : []),
      ...(await hostsBehind(engine.deploy, engine.environment)).map((behind) => ({
        ...{ ...warning, name: `host ${behind.host}` },
        ...behindText(behind, engine.environment),
      })),
      ...(await orderedFreezes(engine)).map(({ id, who, until, reason }) => ({
        ...warning,
        detail: `frozen by ${who}${until ? ` until ${until}` : ""}: ${reason}`,
        next: `stationmaster unfreeze ${id}`,
      })),
    ];
  } catch {
    // The store's own finding says why.
    return [];
  }
}

/** For people: what may be left on a host that was taken out of the manifest, and what becomes of it. */
function behindText({ units, since, writtenOff }: HostBehind, environment: string) {
  const left = `${units.join(", ")} and routes may be left there`;
  return writtenOff
    ? {
        detail: `taken out of the manifest at ${since} and never reached again: ${left}`,
        next: `when it is back: stationmaster down ${environment} --remove, or put it into hosts again and deploy`,
      }
    : {
        detail: `taken out of the manifest at ${since} and not reached yet: ${left}`,
        next: "it is asked again for a day",
      };
}

async function secrets(engine: Engine): Promise<Finding> {
  return await attempt("secrets", "set the variable, or add it to .env", () => {
    const project = engine.read();
    requireSecrets(project, DEPLOYED);
    const needed = neededSecrets(project, DEPLOYED).size;
    const by = "needed by services and stores";
    return ok("secrets", needed === 0 ? `none ${by}` : `${needed} ${by}, all set`);
  });
}
