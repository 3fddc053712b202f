import type { Place } from "./document.ts";

/** A line of an env file. The value is for samples only: of a real `.env` nobody may read more than the keys. */
export interface DotenvEntry extends Place {
  key: string;
  value: string;
  /** Comment lines directly above, and what follows the value, without `#`. */
  comment: string;
}

const LINE = /^(\s*(?:export\s+)?)([A-Za-z_][\w.]*)\s*=[^\S\n]*(.*)$/;

/** Reads an env file as shells and the usual libraries do; lines they would not take are left out. */
export function parseDotenv(text: string): DotenvEntry[] {
  const entries: DotenvEntry[] = [];
  const lines = text.split("\n");
  let above: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const comment = /^\s*#\s?(.*)$/.exec(line);
    const match = LINE.exec(line);
    if (comment) above.push(comment[1] ?? "");
    else if (match) {
      const [, before = "", key = "", rest = ""] = match;
      const { value, trailing, more } = readValue(rest, lines, at);
      entries.push({
        key,
        value,
        comment: [...above, ...(trailing ? [trailing] : [])].join("\n"),
        line: at + 1,
        column: before.length + 1,
      });
      at += more;
      above = [];
    } else above = [];
  }
  return entries;
}

function readValue(
  rest: string,
  lines: readonly string[],
  at: number,
): { value: string; trailing: string; more: number } {
  const quote = rest[0];
  if (quote !== '"' && quote !== "'" && quote !== "`") {
    const [, value = "", trailing = ""] = /^(.*?)(?:(?:^|\s+)#\s?(.*))?$/.exec(rest) ?? [];
    return { value: value.trim(), trailing, more: 0 };
  }
  let body = rest.slice(1);
  for (let more = 0; at + more < lines.length; more += 1) {
    if (more > 0) body += `\n${lines[at + more]}`;
    const end = closing(body, quote);
    if (end !== -1)
      return { value: body.slice(0, end), trailing: /#\s?(.*)$/.exec(body.slice(end + 1))?.[1] ?? "", more };
  }
  return { value: rest.trim(), trailing: "", more: 0 };
}

function closing(body: string, quote: string): number {
  for (let at = 0; at < body.length; at += 1) {
    if (body[at] === "\\" && quote === '"') at += 1;
    else if (body[at] === quote) return at;
  }
  return -1;
}
