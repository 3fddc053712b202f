import colors from "picocolors";

/** One JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Progress and questions go to standard error, so that standard output stays clean for programs. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

const COLOURS: Record<string, (text: string) => string> = {
  healthy: colors.green,
  UP: colors.green,
  SUCCEEDED: colors.green,
  resolved: colors.green,
  ok: colors.green,
  running: colors.green,
  degraded: colors.yellow,
  deploying: colors.cyan,
  warning: colors.yellow,
  monitoring: colors.yellow,
  review: colors.yellow,
  down: colors.red,
  DOWN: colors.red,
  FAILED: colors.red,
  failed: colors.red,
  ROLLED_BACK: colors.yellow,
  STUCK: colors.red,
  open: colors.red,
  healing: colors.yellow,
  SEV1: colors.red,
};

/** Colours a state word where the terminal shows colour; the word itself always says it. */
export function state(word: string): string {
  return (COLOURS[word] ?? ((text: string) => text))(word);
}

/** Columns padded to the widest cell; escape codes do not count. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => visible(row[column] ?? ""))));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - visible(cell))))
      .join("  ")
      .trimEnd();
  return [colors.dim(line(head)), ...rows.map(line)].join("\n");
}

function visible(text: string): number {
  return text.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "").length;
}

/** An ISO time on the reader's clock, with the offset that tells it from others: `2026-11-21 14:03:07 +01:00`. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(Math.abs(value)).padStart(2, "0");
  const offset = -at.getTimezoneOffset();
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  const hours = `${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
  return `${day} ${at.toTimeString().slice(0, 8)} ${offset < 0 ? "-" : "+"}${hours}`;
}

/** An ISO time as its distance from `now` (epoch ms): `12 s ago`, `3 min ago`, `2 d ago`. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((now - Date.parse(iso)) / 1_000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
