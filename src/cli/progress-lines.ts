import colors from "picocolors";

const CLEAR_LINE = "\r\u001b[K";
const UP = "\u001b[1A";
const ROWS = 24;
const COLUMNS = 80;

export interface ProgressLines {
  /** Whether what lives at the end is rewritten. */
  readonly live: boolean;
  note(line: string): void;
  /** What is waited for now, undefined = nothing, told when it changes; and above it lines that only a terminal shows. */
  waiting(what: string | undefined, block?: readonly string[]): void;
  /** Takes the living lines away. */
  end(): void;
}

/** Lines on standard error of which the last may live: a terminal rewrites them, anything else gets a line for each thing waited for. */
export function createProgressLines(
  out: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write"> & { rows?: number } = process.stderr,
): ProgressLines {
  const live = out.isTTY === true;
  let shown: string[] = [];
  const end = () => {
    if (!live || shown.length === 0) return;
    out.write(CLEAR_LINE + `${UP}${CLEAR_LINE}`.repeat(shown.length - 1));
    shown = [];
  };
  return {
    live,
    note: (line) => {
      end();
      out.write(`${line}\n`);
    },
    waiting: (what, block = []) => {
      const all = [...(live ? block : []), ...(what === undefined ? [] : [`  … ${what}`])];
      // One that wraps, or is above the screen, could not be taken back.
      const cut = (line: string) => line.slice(0, (out.columns || COLUMNS) - 1);
      const lines = live ? all.slice(0, (out.rows || ROWS) - 1).map(cut) : all;
      if (lines.join("\n") === shown.join("\n")) return;
      end();
      shown = lines;
      if (lines.length > 0) out.write(lines.map((line) => colors.dim(line)).join("\n") + (live ? "" : "\n"));
    },
    end,
  };
}
