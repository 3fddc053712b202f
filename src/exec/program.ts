import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { ExternalError, systemCode, UserError } from "../core/errors.ts";

/** Rejects with what a user can mend when `program` could not be started in `cwd`: no folder, not found in PATH, not executable. */
export async function requireProgram(
  program: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<void> {
  const folder = await stat(cwd).catch(() => undefined);
  if (!folder?.isDirectory())
    throw new UserError({
      code: "SM-START-FOLDER",
      message: `the folder ${cwd} does not exist`,
      next: "correct `path` of the service",
    });
  const places = program.includes("/")
    ? [isAbsolute(program) ? program : resolve(cwd, program)]
    : (env.PATH ?? "").split(delimiter).map((item) => join(item, program));
  for (const place of places) if (await can(place, constants.X_OK)) return;
  for (const place of places) if (await can(place, constants.F_OK)) throw notExecutable(place, undefined);
  throw startError(program, cwd, undefined);
}

/** The first of some programs that is in the folders of PATH; undefined when none is. */
export async function findProgram(
  names: readonly string[],
  path = process.env.PATH ?? "",
): Promise<string | undefined> {
  const places = names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  for (const place of places) if (await can(place, constants.X_OK)) return place;
  return undefined;
}

async function can(place: string, mode: number): Promise<boolean> {
  return await access(place, mode).then(
    () => true,
    () => false,
  );
}

function notExecutable(program: string, cause: unknown): UserError {
  return new UserError({
    code: "SM-START-PERMISSION",
    message: `${program} is not executable`,
    next: "set its run bit, or start it with its interpreter",
    cause,
  });
}

/** Why the system refused to start a program; without a cause it was not found. */
export function startError(program: string, cwd: string, cause: unknown): Error {
  const code = systemCode(cause);
  if (code === "EACCES") return notExecutable(program, cause);
  if (cause === undefined || code === "ENOENT")
    return new UserError({
      code: "SM-START-NOT-FOUND",
      message: `the start command "${program}" was not found (in ${cwd})`,
      next: "install it, or correct `start` in the manifest",
      cause,
    });
  return new ExternalError({
    code: "SM-START-FAILED",
    message: `${program} could not be started: ${code ?? String(cause)}`,
    next: "see the log of the service",
    cause,
  });
}
