import { imageOf, lineOf } from "../pins.ts";
import type { Plan, PlannedService } from "../plan.ts";

/** Images in which the tests of a runtime run, by what installs the packages or by the runtime itself. */
const IMAGES: Record<string, string> = {
  maven: "maven",
  gradle: "gradle",
  composer: "composer",
  node: "node",
  bun: "bun",
  deno: "deno",
  python: "python",
  go: "golang",
  rust: "rust",
  java: "temurin-jdk",
  ruby: "ruby",
  dotnet: "dotnet-sdk",
  elixir: "elixir",
};

/** The pinned image with the tools of a service; undefined where the table has none. */
export function toolImage({ packageManager, runtime }: PlannedService, { pins }: Plan): string | undefined {
  const name = IMAGES[packageManager ?? ""] ?? IMAGES[runtime.name];
  const found = name === undefined ? undefined : lineOf(pins, name, name === "composer" ? null : runtime.version);
  return name && found ? imageOf(pins, name, found.line) : undefined;
}

/** The version of a runtime as setup actions take it: as the application names it, or the usual line. */
export function toolVersion({ runtime }: PlannedService, { pins }: Plan): string {
  const wanted = runtime.version?.trim().replace(/^v(?=\d)/, "");
  if (wanted && /^\d+(?:\.\d+)*$/.test(wanted)) return wanted;
  return lineOf(pins, runtime.name === "go" ? "golang" : runtime.name, runtime.version)?.line ?? wanted ?? "lts/*";
}
