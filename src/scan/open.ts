import { statSync } from "node:fs";
import { UserError } from "../core/errors.ts";
import { diskFiles } from "./disk-files.ts";
import type { Files } from "./files.ts";

/** The files of a folder; `UserError` where there is none. */
export function openFolder(folder: string): Files {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory())
    throw new UserError({
      code: "SM-SCAN-FOLDER",
      message: found ? `${folder} is no folder` : `there is no folder ${folder}`,
      next: "name the folder of a repository",
    });
  return diskFiles(folder);
}
