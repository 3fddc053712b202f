export type Lines = string[];

/** `head { … }`, its lines one step further in. */
export function block(head: string, lines: readonly string[]): Lines {
  return [`${head} {`, ...lines.map((line) => (line === "" ? "" : `  ${line}`)), "}"];
}

/** A script for the shell, in quotes in which Groovy replaces nothing. */
export function shell(script: string): Lines {
  const text = script.replaceAll("\\", "\\\\").replaceAll("'''", "\\'\\'\\'");
  if (!script.includes("\n")) return [`sh ${quoted(script)}`];
  return ["sh '''", ...text.split("\n").map((line) => (line === "" ? "" : `  ${line}`)), "'''"];
}

/** A text in single quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
