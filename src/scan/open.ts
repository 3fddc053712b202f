import { accessSync, constants, statSync } from "node:fs";
import { systemCode, UserError } from "../core/errors.ts";
import { diskFiles } from "./disk-files.ts";
import type { Files } from "./files.ts";

/** The files of a folder; `UserError` where there is none, or none that may be read. */
export function openFolder(folder: string): Files {
  const problem = problemOf(folder);
  if (problem !== undefined)
    throw new UserError({ code: "SM-SCAN-FOLDER", message: problem, next: "name the folder of a repository" });
  return diskFiles(folder);
}

function problemOf(folder: string): string | undefined {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found) return `there is no folder ${folder}`;
    if (!found.isDirectory()) return `${folder} is no folder`;
    accessSync(folder, constants.R_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `${folder} cannot be read: ${systemCode(error) ?? "unknown reason"}`;
  }
}
