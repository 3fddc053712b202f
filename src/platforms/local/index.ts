import { access, constants, mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { ExternalError, UserError } from "../../core/errors.ts";
import type { Platform, PlatformOptions, ReleaseRef } from "../platform.ts";
import { createDatabases } from "./databases.ts";
import { followLog, rotateLog, tailLog } from "./logs.ts";
import { runOnce } from "./once.ts";
import { holdsRelease, prepareRelease, pruneReleases, type ReleaseSource, serviceFingerprint } from "./releases.ts";
import { checkStart } from "./start.ts";
import { createTraffic, type LocalTraffic } from "./traffic.ts";
import { createUnits } from "./units.ts";

const LEAST_FREE_BYTES = 50_000_000;

export type LocalPlatform = Platform & { traffic: LocalTraffic; databases: NonNullable<Platform["databases"]> };

/** OS processes on this machine behind a router process of our own. For development, demos and small servers. */
export function createLocal({
  stateDir,
  socket,
  project,
}: Omit<PlatformOptions, "app" | "environment">): LocalPlatform {
  const source = (): ReleaseSource => ({ ...project(), stateDir });
  const units = createUnits({ stateDir });
  const databases = createDatabases({ stateDir });
  const traffic = createTraffic({ stateDir, socket });

  return {
    id: "local",
    cutover: "ours",
    connect: async () => {
      await mkdir(stateDir, { recursive: true, mode: 0o711 });
      await access(stateDir, constants.W_OK).catch((cause) => {
        throw new UserError({
          code: "SM-STATE-DIR",
          message: `cannot write ${stateDir}`,
          next: "choose another --state directory",
          cause,
        });
      });
      const { bavail, bsize } = await statfs(stateDir);
      if (bavail * bsize < LEAST_FREE_BYTES)
        throw new ExternalError({
          code: "SM-DISK-FULL",
          message: `only ${Math.round((bavail * bsize) / 1e6)} MB are free below ${stateDir}`,
          next: "free disk space and deploy again",
        });
      await traffic.ensure();
    },
    observe: (unit) => units.observe(unit),
    prepare: async (release: ReleaseRef, services, context) => {
      await prepareRelease(source(), release, services, context);
      return {};
    },
    holds: (release) => holdsRelease(stateDir, release.name),
    start: (request) => units.start(request),
    once: (request, context) => runOnce(stateDir, request, context),
    prune: (keep) =>
      pruneReleases(
        stateDir,
        keep.map(({ name }) => name),
      ),
    check: (service, released) => checkStart(source().root, service, released),
    stop: (unit, graceMs, _context, keep) => units.stop(unit, graceMs, keep),
    describe: async (service) => ({ fingerprint: await serviceFingerprint(source(), service) }),
    traffic,
    logs: {
      tail: (unit, lines) => tailLog(unit.id, logFile(stateDir, unit), lines),
      follow: (unit, options) => followLog(unit.id, logFile(stateDir, unit), options),
      rotate: (unit) => rotateLog(logFile(stateDir, unit)),
    },
    metrics: (list) => units.usage(list),
    databases,
    examine: async () => {
      const pid = await traffic.pid();
      return [
        pid
          ? { name: "router", state: "ok", detail: `running as pid ${pid}`, next: null }
          : { name: "router", state: "warning", detail: "not running", next: "it starts with the first deployment" },
      ];
    },
    ends: [
      { what: "the router", end: () => traffic.stopRouter() },
      { what: "the databases", end: () => databases.stopAll() },
    ],
  };
}

function logFile(
  stateDir: string,
  { id, address, target }: { id: string; address: { log?: string }; target: { service: string } },
): string {
  return address.log ?? join(stateDir, "logs", target.service, `${id}.log`);
}
