import { baseOf, folderOf, isIn } from "../formats/tree.ts";
import type { LintFile } from "./lint-file.ts";
import type { ExpectedService } from "./rule.ts";

/** The service that a Dockerfile makes the image of, where only one can be meant. */
export function serviceOf(
  { path }: Pick<LintFile, "path">,
  services: readonly ExpectedService[],
): ExpectedService | undefined {
  const folder = folderOf(path);
  const words = `${baseOf(folder)} ${baseOf(path)}`.toLowerCase().split(/[^a-z\d]+/);
  const here = services.filter((service) => service.path === folder);
  const named = (list: readonly ExpectedService[]) => list.filter(({ name }) => words.includes(name.toLowerCase()));
  for (const list of [named(here), here, named(services)]) if (list.length === 1) return list[0];
  // One application, and its Dockerfile in a folder of such files.
  const [only, ...others] = services;
  return only && others.length === 0 && isIn(path, only.path) ? only : undefined;
}
