/** One instruction; a list is printed in the exec form. */
export interface Instruction {
  keyword: string;
  value: string | readonly string[];
  /** Said in a comment above it. */
  comment?: string;
}

export interface Stage {
  image: string;
  name?: string;
  comment?: string;
  instructions: readonly Instruction[];
}

/** A Dockerfile as text, stages separated by a blank line. Values of several lines are continued with a backslash. */
export function printDockerfile(stages: readonly Stage[], header: readonly string[] = []): string {
  const top = header.map((line) => `# ${line}`.trimEnd());
  const parts = stages.map(({ image, name, comment, instructions }) =>
    [
      ...commentLines(comment),
      `FROM ${image}${name ? ` AS ${name}` : ""}`,
      ...instructions.flatMap(instructionLines),
    ].join("\n"),
  );
  return `${[...(top.length > 0 ? [top.join("\n")] : []), ...parts].join("\n\n")}\n`;
}

function instructionLines({ keyword, value, comment }: Instruction): string[] {
  const text = typeof value === "string" ? value.split("\n").join(" \\\n    ") : execForm(value);
  return [...commentLines(comment), `${keyword} ${text}`];
}

/** Exec form is JSON with a blank behind each comma. */
function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

function commentLines(comment: string | undefined): string[] {
  return comment === undefined ? [] : comment.split("\n").map((line) => `# ${line}`);
}
