import colors from "picocolors";

const CLEAR = "\r\u001b[K";

export interface ProgressLines {
  note(line: string): void;
  /** What is waited for now; undefined = nothing. Told when it changes. */
  waiting(what: string | undefined): void;
  /** Takes the living line away. */
  end(): void;
}

/** Lines on standard error of which the last may live: a terminal rewrites it, anything else gets a line for each change. */
export function createProgressLines(
  out: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write"> = process.stderr,
): ProgressLines {
  let shown: string | undefined;
  const end = () => {
    if (shown === undefined || !out.isTTY) return;
    out.write(CLEAR);
    shown = undefined;
  };
  return {
    note: (line) => {
      end();
      out.write(`${line}\n`);
    },
    waiting: (what) => {
      if (what === shown) return;
      end();
      shown = what;
      if (what === undefined) return;
      const line = `  … ${what}`;
      // One that wraps could not be taken back.
      out.write(out.isTTY ? colors.dim(line.slice(0, (out.columns ?? 80) - 1)) : `${colors.dim(line)}\n`);
    },
    end,
  };
}
