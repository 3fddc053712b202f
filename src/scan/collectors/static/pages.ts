import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { manifestsIn } from "../../markers.ts";
import { searchCode } from "../../search.ts";
import { claimSite } from "./site.ts";

const PUBLISHED = ["public", "dist", "www", "html", "htdocs", "site", "_site", "static", "build", "src", "web"];
const SERVER_CODE = new Set("py rb php go rs java kt cs ex exs pl lua".split(" "));
const LISTENS = /\.listen\s*\(|\bcreateServer\s*\(|\bDeno\.serve\s*\(|\bBun\.serve\s*\(/g;

/** Claims pages without any program: `index.html` in the unit's folder, or in the one that it publishes. */
export function claimPages(view: View): void {
  const { snapshot, unit } = view;
  const page = [".", ...PUBLISHED]
    .map((folder) => ({ folder, file: view.path(`${folder}/index.html`) }))
    .find(({ file }) => file !== undefined && view.files.includes(file));
  if (page?.file === undefined) return;
  if (
    page.folder !== "." &&
    !unit.markers.every((marker) =>
      /^(?:index\.html|Dockerfile|Containerfile|vercel\.json|netlify\.toml|Makefile)$/.test(marker),
    )
  )
    return;
  const at = view.seen(page.file, 1, "page");
  const manifests = manifestsIn(snapshot, unit.path);
  const server = searchCode(view, LISTENS, { extensions: ["js", "mjs", "cjs", "ts"], of: "bare" })[0];
  const code = snapshot.inFolder(unit.path).find((file) => SERVER_CODE.has(extensionOf(file)));
  const reason = manifests[0] ?? (server && baseOf(server.file)) ?? (code && baseOf(code));
  if (reason !== undefined) view.miss("kind", `pages beside ${reason} are those of a program`, at);
  else claimSite(view, { output: page.folder, source: "convention", confidence: 0.8, at });
}
