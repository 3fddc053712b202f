import { isIn } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";

const CODE = /(?<!\.d)\.[cm]?[jt]s$/;
const ASIDE =
  /(?:^|\/)(?:node_modules|dist|build|tests?|__tests__|e2e|examples?|docs)\/|\.(?:test|spec|e2e)\.[cm]?[jt]s$/;
/** More of them would take longer to read than a port is worth. */
const MOST = 60;

/** Files of the unit's code with a path and words that fit, in order of paths. */
export function filesWith(
  { snapshot, unit }: { snapshot: Snapshot; unit: string },
  path: RegExp,
  words: RegExp,
): string[] {
  const start = unit === "." ? 0 : unit.length + 1;
  const fits = snapshot.paths.filter((file) => {
    const inside = file.slice(start);
    return isIn(file, unit) && CODE.test(inside) && path.test(inside) && !ASIDE.test(inside);
  });
  return fits.slice(0, MOST).filter((file) => words.test(snapshot.text(file) ?? ""));
}
