import { stringAt } from "../../../formats/document.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn, searchCode } from "../../search.ts";

/** Where frameworks listen when nobody tells them. */
const PORTS: Record<string, number> = {
  beego: 8080,
  buffalo: 3000,
  gofr: 8000,
  hertz: 8888,
  iris: 8080,
  pocketbase: 8090,
  revel: 9000,
};

/** Claims the port that a framework's own settings name, else the one that it takes by itself; whether there is one. */
export function claimFrameworkPort(
  view: View,
  id: string | undefined,
  { files, main }: { files: readonly string[]; main: Evidence },
): boolean {
  const told = id === "beego" || id === "revel" ? inConf(view) : id === "go-zero" ? inYaml(view) : undefined;
  if (told) {
    view.claim("port", told.port, { source: "project", confidence: 0.95, at: told.at });
    return true;
  }
  const run = id === "gin" ? searchCode(view, /\.Run\(\s*\)/g, { files })[0] : undefined;
  const port = run ? 8080 : Object.hasOwn(PORTS, id ?? "") ? PORTS[id ?? ""] : undefined;
  if (port === undefined) return false;
  const at = run ? view.seen(run.file, run.place, "gin-port") : main;
  view.claim("port", port, { source: "convention", confidence: 0.8, at });
  return true;
}

/** `httpport = 8080` of `conf/app.conf`. */
function inConf(view: View): { port: number; at: Evidence } | undefined {
  const file = view.path("conf/app.conf") as string;
  const [hit] = hitsIn(view.snapshot.text(file) ?? "", /^[^\S\n]*(?:httpport|http\.port)\s*=\s*"?(\d+)/gim, file);
  const port = hit && portOf(hit.match[1] ?? "");
  return hit && port !== undefined ? { port, at: view.seen(file, hit.place, "setting") } : undefined;
}

/** `Port: 8888` of `etc/shop-api.yaml`. */
function inYaml(view: View): { port: number; at: Evidence } | undefined {
  for (const file of view.files.filter((path) => /(?:^|\/)etc\/[\w.-]+\.ya?ml$/.test(path))) {
    const document = view.snapshot.yaml(file);
    const port = portOf(stringAt(document.value, ["Port"]) ?? "");
    if (port !== undefined) return { port, at: view.seenAt(file, document, ["Port"], "setting") };
  }
  return undefined;
}
