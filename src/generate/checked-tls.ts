import { recordAt } from "../formats/document.ts";
import { parseJson } from "../formats/json.ts";
import { joinPath, type Tree } from "../formats/tree.ts";

/**
 * Whether the client of PostgreSQL checks certificates where an address says `sslmode=require`, other than libpq: node-postgres does, and knows no
 * authority of managed databases. `no-verify` is to it what `require` is to the others.
 */
export function checksCertificates(tree: Tree, path: string): boolean {
  const manifest = recordAt(parseJson(tree.text(joinPath(path, "package.json") ?? "") ?? "{}").value);
  return "pg" in recordAt(manifest.dependencies);
}
