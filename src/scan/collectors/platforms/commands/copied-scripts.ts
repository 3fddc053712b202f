import { folderOf, joinPath } from "../../../../formats/tree.ts";
import { oncePerSnapshot } from "../../../once.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { filesLike } from "../names.ts";

const COPY = /^[^\S\n]*(?:COPY|ADD)[^\S\n]+((?:--\S+[^\S\n]+)*)(\S+)[^\S\n]+(\/\S*[^\s/])[^\S\n]*\r?$/gim;
const FOR_DEVELOPERS = /(?:^|[/._-])(?:local|dev|devel|development|test|testing)(?:$|[/._-])/i;
const once = oncePerSnapshot<ReadonlyMap<string, readonly string[]>>();

/** The file of the repository that Dockerfiles copy to a path of their images; undefined where they copy different ones. */
export function copiedScript(snapshot: Snapshot, path: string): string | undefined {
  const found = once(snapshot, "", () => copies(snapshot)).get(path) ?? [];
  const deployed = found.filter((file) => !FOR_DEVELOPERS.test(file));
  const [only, ...others] = new Set(deployed.length > 0 ? deployed : found);
  return others.length === 0 ? only : undefined;
}

function copies(snapshot: Snapshot): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const file of filesLike(snapshot, /^(?:Dockerfile|Containerfile)(?:$|\.)|\.Dockerfile$/i))
    for (const [, flags = "", source = "", target = ""] of (snapshot.text(file) ?? "").matchAll(COPY)) {
      const paths = [".", folderOf(file)].map((folder) => joinPath(folder, source.replace(/^\/+/, "")));
      const path = paths.find((one) => one !== undefined && snapshot.has(one));
      if (path !== undefined && !/--from=/.test(flags)) all.set(target, [...(all.get(target) ?? []), path]);
    }
  return all;
}
