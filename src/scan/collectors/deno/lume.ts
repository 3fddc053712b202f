import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { codeConfig } from "../javascript/literals/config.ts";
import type { DenoConfig } from "./config.ts";

const IMPORTS = /^lume\/?$|deno\.land\/x\/lume@|jsr:@lume|cdn\.jsdelivr\.net\/gh\/lumeland/;

/** Claims a site that Lume builds; whether the unit is one. */
export function claimLume(view: View, config: DenoConfig | undefined): boolean {
  if (!config?.imports.some((target) => IMPORTS.test(target))) return false;
  const file = ["_config.ts", "_config.js", "_config.mts"]
    .map((base) => view.path(base))
    .find((path) => path !== undefined && view.snapshot.has(path));
  const at: Evidence[] = [config.at(["imports"], "imports")];
  if (file !== undefined) at.push(view.seen(file, 1, "config"));
  const settings = codeConfig(view.snapshot, file);
  const dest = settings?.setting("lume()", "dest") ?? settings?.setting("dest");
  const folder = dest && "value" in dest ? String(dest.value).replace(/^\.\//, "") : "_site";
  view.claim("framework", "lume", { source: "project", confidence: 0.95, at });
  view.claim("kind", "static", { source: "convention", confidence: 0.8, at });
  view.claim("output", folder, { source: dest ? "project" : "convention", confidence: 0.8, at });
  return true;
}
