import { randomBytes } from "node:crypto";

/**
 * Runs the program there with a mark on standard error before and after it. The first has the process group, by which the program
 * can be ended: sshd starts each command in a session of its own. The last has the exit code: it alone proves that the program
 * ended, because ssh answers 255 for a lost connection as well as for a program's own 255. `env` runs programs, never what the
 * shell has built in. One line, because C shells take no more.
 */
const WRAPPER = [
  "mark=$1",
  "shift",
  "read -r _ _ _ _ group _ </proc/$$/stat",
  `printf '%s start %s\\n' "$mark" "$group" >&2 || exit 1`,
  'env "$@"',
  `printf '%s end %s\\n' "$mark" "$?" >&2`,
].join("; ");

export interface Marks {
  /** The command that the far shell gets, as argv. */
  wrap(argv: readonly string[]): string[];
  /** What of standard error is the program's own. */
  filter(text: string): string;
  /** What came before the program began: ssh's own messages, banners, noise of login scripts. */
  before(): string;
  /** Resolves with the process group there once the program has begun. */
  begun: Promise<number>;
  hasBegun(): boolean;
  /** The program's exit code; undefined when nobody told us. */
  code(): number | undefined;
}

/** Tells what a program there says from what ssh says, and how it ended. One for each run. */
export function createMarks(): Marks {
  // Begins with a character that texts hardly have, so that next to nothing is held back while it may be the mark's beginning.
  const mark = `\x1e${randomBytes(8).toString("hex")}`;
  const start = new RegExp(`${mark} start (\\d*)\\n`);
  const end = new RegExp(`${mark} end (\\d+)\\n`);
  let held = "";
  let before = "";
  let begun = false;
  let code: number | undefined;
  const { promise, resolve } = Promise.withResolvers<number>();

  function begin(): boolean {
    const found = start.exec(held);
    if (!found) return false;
    begun = true;
    before = held.slice(0, found.index);
    held = held.slice(found.index + found[0].length);
    resolve(Number(found[1]));
    return true;
  }

  return {
    wrap: (argv) => ["sh", "-c", WRAPPER, "sh", mark, ...argv],
    filter(text) {
      held += text;
      if (!begun && !begin()) return "";
      const found = end.exec(held);
      if (found) {
        code = Number(found[1]);
        held = held.slice(0, found.index) + held.slice(found.index + found[0].length);
      }
      const keep = code === undefined ? markFrom(held, mark) : held.length;
      const own = held.slice(0, keep);
      held = held.slice(keep);
      return own;
    },
    before: () => (begun ? before : held),
    begun: promise,
    hasBegun: () => begun,
    code: () => code,
  };
}

/** Where the mark, or what may become it with the next piece, begins in `text`. */
function markFrom(text: string, mark: string): number {
  const whole = text.indexOf(mark);
  if (whole >= 0) return whole;
  const last = text.lastIndexOf(mark.charAt(0));
  return last >= 0 && mark.startsWith(text.slice(last)) ? last : text.length;
}
