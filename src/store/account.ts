import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, resolve } from "node:path";
import { UserError } from "../core/errors.ts";

/** The operating-system account PostgreSQL runs as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const CANDIDATES = ["postgres", "nobody"];

/** PostgreSQL refuses to run as root: then an unprivileged account of this machine, otherwise undefined (our own). */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of CANDIDATES) {
    const fields = lines.find((line) => line[0] === name);
    if (fields) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new UserError({
    code: "SM-STORE-ACCOUNT",
    message: "PostgreSQL does not run as root and this machine has neither a postgres nor a nobody account",
    next: "run as another user, or set DATABASE_URL",
  });
}

/** The account names that may connect: the server's own and ours. */
export function clientAccounts(account: Account | undefined): string[] {
  const own = userInfo().username;
  return account ? [own, account.name] : [own];
}

/** Whether the account can pass every folder on the way to `path` and read it. */
export async function reachableBy(account: Account, path: string): Promise<boolean> {
  for (let current = resolve(path); ; current = dirname(current)) {
    const { mode, uid, gid } = await stat(current);
    const bits = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
    if ((bits & 0o1) === 0) return false;
    if (current === dirname(current)) return true;
  }
}
