import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Evidence, Source } from "../../fact.ts";

export interface Site {
  framework?: string;
  build?: string;
  /** Folder of the pages, relative to the unit. */
  output: string;
  source: Source;
  confidence: number;
  at: Evidence;
}

/** Claims what all sites of files have in common. */
export function claimSite(view: View, { framework, build, output, at, ...worth }: Site): void {
  const told = { ...worth, at };
  view.claim("kind", "static", told);
  view.claim("runtime", { name: "static", version: null }, told);
  view.claim("output", output.replace(/^\.\//, "").replace(/\/+$/, "") || ".", told);
  if (framework) view.claim("framework", framework, told);
  if (build) view.claim("build", build, told);
  view.claim("port", 8080, { source: "convention", at });
  const size = (...extensions: string[]) =>
    view.files
      .filter((file) => extensions.includes(extensionOf(file)) && !/\.min\.js$/.test(file))
      .reduce((sum, file) => sum + view.snapshot.size(file), 0);
  const html = size("html", "htm");
  const language = framework === undefined && size("js", "mjs") > html ? "JavaScript" : "HTML";
  if (html > 0 || language === "JavaScript") view.claim("language", language, { source: "convention", at });
}
