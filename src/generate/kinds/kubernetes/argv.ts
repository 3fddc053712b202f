import { shellCommands } from "../../../scan/command-line.ts";

/** A command line as a container takes it: without a shell where none is needed, so that signals reach the program. */
export function argvOf(line: string): string[] {
  const [only, ...more] = shellCommands(line);
  if (!only || more.length > 0) return ["sh", "-c", line];
  if (Object.keys(only.env).length > 0) return ["sh", "-c", `${assignments(only.env)} && exec ${rest(line)}`];
  return /[$*`<>()]/.test(line) ? ["sh", "-c", `exec ${line}`] : only.argv;
}

function assignments(env: Record<string, string>): string {
  return `export ${Object.entries(env)
    .map(([name, value]) => `${name}='${value.replaceAll("'", String.raw`'\''`)}'`)
    .join(" ")}`;
}

/** The line without the assignments in front of its program. */
function rest(line: string): string {
  return line.trim().replace(/^(?:[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|[^\s'"])*\s+)+/, "");
}
