import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { systemCode } from "../core/errors.ts";

const POLL_MS = 20;

export interface LockFile {
  /** Replaces what the file says, whole, while it is ours. */
  write(text: string): void;
  /** Removes the file while it is ours. */
  release(): void;
}

/**
 * Makes `path` with `text`, which must differ from everybody else's. Undefined when somebody has it for whom `isHeld` answers
 * true; a file that nobody holds (also an empty one) is replaced. The file appears whole, by a link, so nobody reads half of it.
 */
export async function takeFile(
  path: string,
  text: string,
  isHeld: (text: string) => Promise<boolean>,
): Promise<LockFile | undefined> {
  for (;;) {
    if (linkNew(path, text)) return lockFile(path, text);
    const found = read(path);
    if (found === undefined) continue;
    if (await isHeld(found)) return undefined;
    if (await replaceStale(path, { found, text, isHeld })) return lockFile(path, text);
  }
}

/** Several may find the same dead owner: one at a time replaces the file, and only when it still says what was found dead. */
async function replaceStale(
  path: string,
  { found, text, isHeld }: { found: string; text: string; isHeld(text: string): Promise<boolean> },
): Promise<boolean> {
  const turn = await takeFile(`${path}.turn`, text, isHeld);
  if (!turn) {
    await delay(POLL_MS);
    return false;
  }
  try {
    if (read(path) !== found) return false;
    replace(path, text);
    return true;
  } finally {
    turn.release();
  }
}

function lockFile(path: string, text: string): LockFile {
  let own = text;
  return {
    write: (changed) => {
      if (read(path) !== own) return;
      replace(path, changed);
      own = changed;
    },
    release: () => {
      if (read(path) === own) rmSync(path, { force: true });
    },
  };
}

/** False when the file exists. */
function linkNew(path: string, text: string): boolean {
  const draft = writeDraft(path, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replace(path: string, text: string): void {
  renameSync(writeDraft(path, text), path);
}

function writeDraft(path: string, text: string): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  return draft;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
