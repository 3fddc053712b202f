import type { Instruction } from "../../../../formats/dockerfile/print.ts";
import { folderOf } from "../../../../formats/tree.ts";
import { HOME, run, workdir } from "../parts.ts";
import { present, type Site } from "../recipe.ts";
import { neededFolders } from "./node-workspace.ts";

const SCHEMA = "prisma/schema.prisma";
const schemaIn = (folder: string) => (folder === "." ? SCHEMA : `${folder}/${SCHEMA}`);

/** Schemas of what the image runs: of the root, of packages of the workspace that the service needs, its own last. */
function schemasOf(site: Site): string[] {
  return present(site, [".", ...neededFolders(site), site.folder].map(schemaIn));
}

/** Whether the program talks to its database through Prisma, which loads OpenSSL. */
export function usesPrisma(site: Site): boolean {
  return schemasOf(site).length > 0;
}

/** Makes the client again, in the package that has the program for it. */
export function generatesAgain(site: Site): Instruction[] {
  const folder = folderOf(folderOf(schemasOf(site).at(-1) ?? SCHEMA));
  if (folder === ".") return [run(`npx prisma generate --schema ${SCHEMA}`)];
  return [workdir(`${HOME}/${folder}`), run("npx prisma generate")];
}
