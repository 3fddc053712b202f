import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { systemCode, UserError } from "../core/errors.ts";

const LONGEST_SOCKET_PATH = 103;

/** Where one run keeps its things. */
export interface Place {
  configFile: string;
  stateDir: string;
  /** Orders for the router. */
  socket: string;
  daemonFile: string;
}

export interface PlaceOptions {
  config?: string;
  state?: string;
}

/** The manifest and state directory from flags, then STATIONMASTER_CONFIG and _STATE, then `stationmaster.yaml` here and `.stationmaster` beside it. */
export function findPlace({ config, state }: PlaceOptions, env: NodeJS.ProcessEnv = process.env): Place {
  const configFile = resolve(config ?? env.STATIONMASTER_CONFIG ?? "stationmaster.yaml");
  const stateDir = resolve(state ?? env.STATIONMASTER_STATE ?? join(dirname(configFile), ".stationmaster"));
  return { configFile, stateDir, socket: socketPath(stateDir), daemonFile: join(stateDir, "daemon.json") };
}

/** Unix socket paths have at most about 100 bytes; a deeper state directory gets a short private folder. */
function socketPath(stateDir: string): string {
  const inside = join(stateDir, "router.sock");
  if (inside.length <= LONGEST_SOCKET_PATH) return inside;
  const hash = createHash("sha256").update(stateDir).digest("hex").slice(0, 12);
  return join("/tmp", `stationmaster-${process.getuid?.() ?? 0}-${hash}`, "router.sock");
}

/** Makes the state directory. Others may pass through it (the database runs as another account when we are root), not list it. */
export function makePlace({ stateDir, socket }: Place): void {
  try {
    mkdirSync(stateDir, { recursive: true });
    chmodSync(stateDir, 0o711);
    if (dirname(socket) !== stateDir) {
      mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
      if (statSync(dirname(socket)).uid !== process.getuid?.())
        throw new UserError({
          code: "SM-STATE-OWNER",
          message: `${dirname(socket)} belongs to another user`,
          next: "choose a shorter --state path",
        });
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError({
      code: "SM-STATE-DIR",
      message: `cannot use the state directory ${stateDir} (${systemCode(cause)})`,
      next: "choose another with --state DIR",
      cause,
    });
  }
}

/** A random key of this state directory: digests of secrets in the store cannot be compared with guesses elsewhere. */
export function stateKey({ stateDir }: Place): Buffer {
  const file = join(stateDir, "key");
  if (!existsSync(file)) {
    // Of two first commands at the same moment one key wins, whole: a link is made at once or not at all.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, randomBytes(32).toString("hex"), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return Buffer.from(readFileSync(file, "utf8"), "hex");
}
