import { isIn, joinPath } from "../../../formats/tree.ts";
import type { About, Seen, Site } from "./platform.ts";
import type { Told } from "./tell.ts";

/** States the folder of built pages; one that lies in another unit (`web/dist`) is that unit's. */
export function tellOutput(site: Site, { file, folder, names }: Told, output: string | undefined, seen: Seen): About {
  const given = site.about(file, folder, names);
  const path =
    folder === undefined || output === undefined || /[${}*]/.test(output) ? undefined : joinPath(folder, `./${output}`);
  if (path === undefined || folder === undefined) return given;
  const nearest = site.units
    .filter((unit) => isIn(path, unit.path) && isIn(unit.path, folder))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  // The folder that is published may be marked as a unit by its own pages.
  const owner =
    nearest && nearest.path === path && path !== folder && given.units.length > 0 ? folder : (nearest?.path ?? folder);
  const about = site.about(file, owner, names);
  const inside = path === owner ? "." : owner === "." ? path : path.slice(owner.length + 1);
  about.claim("output", inside, { rule: "output", ...seen });
  return about;
}
