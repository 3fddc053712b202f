import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;
const OWNER = "owner.json";

/**
 * Runs `work` while holding `folder` as a lock; waits for a living holder, takes over from a dead one.
 * The folder appears by one rename with its owner's name inside, and disappears by one rename, so nobody ever sees half a lock.
 */
export async function withLock(folder, work, onWait = () => {}) {
  await acquire(folder, onWait);
  try {
    return await work();
  } finally {
    await discard(folder);
  }
}

async function acquire(folder, onWait) {
  const own = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await rm(own, { recursive: true, force: true });
  await mkdir(own);
  await writeFile(
    join(own, OWNER),
    JSON.stringify({ pid: process.pid, started: await startOf(process.pid), host: hostname() }),
  );
  let waited = false;
  try {
    while (!(await claim(own, folder))) {
      const owner = await readOwner(folder);
      if (owner && (await isDead(owner))) await takeOver(folder, owner.text);
      else {
        if (!waited) onWait(owner?.pid);
        waited = true;
        await delay(POLL_MS);
      }
    }
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    throw error;
  }
}

/** False when the lock is held: a folder cannot be renamed onto one that is not empty. */
async function claim(own, folder) {
  try {
    await rename(own, folder);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) return false;
    throw error;
  }
}

async function readOwner(folder) {
  try {
    const text = await readFile(join(folder, OWNER), "utf8");
    return { text, ...JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A process of another host or container cannot be judged and counts as alive. */
async function isDead({ pid, started, host }) {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "ESRCH";
  }
  return started !== (await startOf(pid));
}

/** Two may find the same dead owner: what the rename caught is checked, and a living lock is put back. */
async function takeOver(folder, expected) {
  const caught = `${folder}.${process.pid}.stale`;
  await rename(folder, caught).catch(() => {});
  const owner = await readOwner(caught);
  if (owner && owner.text !== expected) await rename(caught, folder).catch(() => {});
  await rm(caught, { recursive: true, force: true });
}

async function discard(folder) {
  const gone = `${folder}.${process.pid}.done`;
  await rename(folder, gone).catch(() => {});
  await rm(gone, { recursive: true, force: true });
}

/** When a process started, in clock ticks since boot: a reused pid has another one. Null where there is no /proc. */
async function startOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}
