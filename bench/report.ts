import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";

/** Rows under a head, columns as wide as they need: the first on the left, figures on the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const texts = [head, ...rows].map((row) => row.map((value) => String(value ?? "–")));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const isFigure = head.map((_, column) => rows.every((row) => !/[a-zA-Z]{4}/.test(String(row[column] ?? ""))));
  const line = (row: readonly string[]) =>
    row.map((text, column) => text[column > 0 && isFigure[column] ? "padStart" : "padEnd"](widths[column] ?? 0));
  return texts.map((row) => line(row).join("  ").trimEnd()).join("\n");
}

/** `met` or `MISSED` beside what was wanted. */
export function verdict(what: string, met: boolean): string {
  return `${met ? "met" : "MISSED"}: ${what}`;
}

/** Milliseconds as seconds with two decimals, or `–`. */
export function seconds(ms: number | null): string {
  return ms === null ? "–" : (ms / 1_000).toFixed(2);
}

/** The machine in one line. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() || "unknown CPU"}, ${memory} GiB, ${type()} ${release()}, Node ${process.version}`;
}

/** The text with one benchmark's section replaced: what stands between its two markers. */
export function withSection(text: string, name: string, result: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const section = `${begin}\n${result}\n${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) return `${text.trimEnd()}\n\n${section}\n`;
  return text.slice(0, from) + section + text.slice(to + end.length);
}

/** A section: where and when it was measured, then the result as it was printed. */
export function section({ result, commit, tookMs }: { result: string; commit: string; tookMs: number }): string {
  const date = new Date().toISOString().slice(0, 10);
  const where = `${machine()}; ${date}, ${commit}, run of ${Math.round(tookMs / 1_000)} s`;
  return `${where}\n\n\`\`\`text\n${result}\n\`\`\``;
}

/** The commit of a checkout, with a plus when files differ from it. */
export function commitOf(root: string): string {
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
  try {
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "--", "src", "bench") ? "+" : ""}`;
  } catch {
    return "no commit";
  }
}
