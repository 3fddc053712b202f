/** What Markdown, or what shows it, would read as more than text. */
const MARKS = /[\\`*_[\]<>|#~]/g;
/** Between the two, so that nobody is called by what a log or an error says. */
const NO_CALL = "\u200b";

export const NOT_MEASURED = "not measured";

/** Text of others on one line, that is read as nothing but text. */
export function inline(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(MARKS, "\\$&")
    .replace(/@(?=\w)/g, `@${NO_CALL}`);
}

/** `- **Users:** not known`. */
export function field(label: string, text: string | null, unknown = "not known"): string {
  return `- **${label}:** ${text ?? unknown}`;
}

/** A heading and its lines; `none` where there are no lines. */
export function section(title: string, lines: readonly string[], none = "none"): string[] {
  return ["", `### ${title}`, ...(lines.length > 0 ? lines : [none])];
}

/** `99.95 %`; null where there is nothing to divide. */
export function percent(share: number | null, digits = 2): string | null {
  return share === null ? null : `${Number((share * 100).toFixed(digits))} %`;
}

/** `1.5 MiB`. */
export function bytes(value: number | null): string | null {
  if (value === null) return null;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${Number((value / 1024 ** step).toFixed(1))} ${units[step]}`;
}
