/** Between signs that would mean something: nobody is called, nothing is referred to, no link and no image is made. */
const APART = "\u200b";

/** Text of others as one line of Markdown that shows it and does nothing. */
export function inert(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? "")
    .replace(/[\\`*_[\]!|~]/g, "\\$&")
    .replace(/[@#]|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, `$&${APART}`)
    .trim();
}

/** Markdown of our own with text of others in it, where a place like GitHub would make links of numbers and addresses. */
export function unlinked(markdown: string): string {
  return markdown.replace(/#(?=\d)|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, `$&${APART}`);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Lines of others as a block that nothing inside can end: its fence is longer than any they have. */
export function fenced(lines: readonly string[]): string {
  const text = lines.join("\n");
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
