import { stringAt } from "../../../formats/document.ts";
import type { View } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";

const PAGES = ["yew", "leptos", "dioxus", "sycamore"];

/** Claims a page that Trunk compiles to WebAssembly; whether the unit is one. */
export function claimPage(view: View): boolean {
  const { snapshot, unit } = view;
  const config = view.path("Trunk.toml");
  const page = view.path("index.html");
  const words = page === undefined ? "" : (snapshot.text(page) ?? "");
  const hasConfig = config !== undefined && snapshot.has(config);
  if (!hasConfig && !/\bdata-trunk\b/.test(words)) return false;
  const document = hasConfig ? snapshot.toml(config) : undefined;
  const output = stringAt(document?.value, ["build", "dist"]) ?? "dist";
  const at = hasConfig ? view.seen(config, 1, "trunk") : view.seen(page as string, 1, "trunk");
  const declared = { source: "project", confidence: 0.9, at } as const;
  view.claim("kind", "spa", declared);
  view.claim("build", "trunk build --release", declared);
  view.claim("output", output.replace(/^\.\//, "").replace(/\/$/, ""), declared);
  const framework = dependenciesOf(snapshot, unit.path).find(
    ({ ecosystem, name }) => ecosystem === "cargo" && PAGES.includes(name),
  );
  if (framework)
    view.claim("framework", framework.name, {
      source: "project",
      at: view.seen(framework.file, framework.place(), "dependency"),
    });
  return true;
}
