import { resolve } from "node:path";
import { isKnownError, UserError } from "../../core/errors.ts";
import { requireProgram } from "../../exec/program.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import { inheritedEnvironment } from "./environment.ts";

/** The words of a start command with `${NAME}` and `$PORT` replaced by `values`; an unknown name stays as it is. */
export function startCommand(start: readonly string[], values: Record<string, string>): string[] {
  const known = new Map(Object.entries({ ...values, NODE: process.execPath }));
  return start.map((word) =>
    word.replace(
      /\$\{(\w+)\}|\$(PORT)\b/g,
      (whole, a: string | undefined, b: string | undefined) => known.get(a ?? b ?? "") ?? whole,
    ),
  );
}

/**
 * Rejects when the program a service starts with is neither in PATH nor in its folder below `root`. What a build may make, and
 * what only the start will know (a variable in the name, a PATH of secrets), is left to the start.
 */
export async function checkStart(root: string, service: string, released: ReleasedService): Promise<void> {
  const env = { ...inheritedEnvironment(), ...released.env };
  const [program = ""] = startCommand(released.start, released.env);
  if (program.includes("$") || env.PATH?.includes("${")) return;
  if (released.build && program.includes("/")) return;
  try {
    await requireProgram(program, { cwd: resolve(root, released.path), env });
  } catch (error) {
    if (!isKnownError(error)) throw error;
    throw new UserError({ code: error.code, message: `${service}: ${error.message}`, next: error.next, cause: error });
  }
}
