import { isIn } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import { hitsIn, searchCode } from "../../search.ts";
import type { JvmProject } from "./project.ts";

/** Claims the port that a project takes from a constant of another project of the repository: `port = SERVER_PORT`. */
export function claimSharedPort(view: View, { internal }: JvmProject, sources: readonly string[]): boolean {
  const { snapshot } = view;
  if (internal.length === 0) return false;
  const named = searchCode(view, /\bport\s*=\s*(?:\w+\.)*([A-Z][A-Z0-9_]*)\b/g, { files: sources, of: "bare" })[0];
  if (!named) return false;
  const shape = new RegExp(`\\b${named.match[1]}\\b(?:\\s*:\\s*Int)?\\s*=\\s*(\\d{2,5})\\b`, "g");
  const files = [...snapshot.withExtension("kt"), ...snapshot.withExtension("java")].filter((file) =>
    internal.some(({ folder }) => isIn(file, folder)),
  );
  for (const file of files) {
    const [hit] = hitsIn(snapshot.code(file)?.bare ?? "", shape, file);
    const port = portOf(hit?.match[1] ?? "");
    if (!hit || port === undefined) continue;
    const at = [view.seen(file, hit.place, "constant"), view.seen(named.file, named.place, "listen")];
    view.claim("port", port, { source: "code", at });
    return true;
  }
  return false;
}
