import { createHash } from "node:crypto";
import { chown, mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { systemCode, UserError } from "../core/errors.ts";
import { type Account, reachableBy, serverAccount } from "./account.ts";

/** Where root keeps data that an unprivileged server must reach. */
export const SYSTEM_DIR = "/var/lib/stationmaster";
const LONGEST_SOCKET_PATH = 103;

/** Where one server keeps its things. */
export interface Folders {
  /** Holds the data and the log. */
  base: string;
  dataDir: string;
  socketDir: string;
  logFile: string;
}

/** The folder that holds the data of the server of `dir`; undefined when there never was one. */
export async function dataFolder({ dir }: { dir: string }): Promise<string | undefined> {
  if (!(await exists(dir))) return undefined;
  const { base, dataDir } = await chooseFolders(resolve(dir), serverAccount());
  return (await exists(join(dataDir, "PG_VERSION"))) ? base : undefined;
}

/** Makes the folders of the server of `dir`, for the account it runs as. */
export async function makeFolders(dir: string, account: Account | undefined): Promise<Folders> {
  await makeDir(dir);
  const folders = await chooseFolders(dir, account);
  await makeDir(folders.base);
  for (const path of [folders.dataDir, folders.socketDir]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const owner = await stat(path);
    if (account && owner.uid !== account.uid) await chown(path, account.uid, account.gid);
    else if (!account && owner.uid !== process.getuid?.())
      throw new UserError({
        code: "SM-STORE-OWNER",
        message: `${path} belongs to another user`,
        next: "choose another --state directory",
      });
  }
  return folders;
}

/** Below `dir` where the server's account can reach it and the socket path is short enough; else in a system folder named by a hash of `dir`. */
async function chooseFolders(dir: string, account: Account | undefined): Promise<Folders> {
  const hash = createHash("sha256").update(dir).digest("hex").slice(0, 12);
  const reachable = !account || (await reachableBy(account, dir));
  const base = reachable ? dir : join(SYSTEM_DIR, hash);
  const inside = join(base, "run");
  const socketDir =
    `${inside}/.s.PGSQL.5432`.length <= LONGEST_SOCKET_PATH
      ? inside
      : `/tmp/stationmaster-${process.getuid?.() ?? 0}-${hash}`;
  return { base, dataDir: join(base, "data"), socketDir, logFile: join(base, "postgres.log") };
}

async function makeDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new UserError({
      code: "SM-STATE-DIR",
      message: `cannot create ${path} (${systemCode(cause)})`,
      next: "choose another --state directory",
      cause,
    });
  }
}

/** Whether there is a file or folder of that name. */
export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
