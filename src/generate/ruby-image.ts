import { joinPath, type Tree } from "../formats/tree.ts";
import type { PlannedService } from "./plan.ts";

/** From which patch of a line on there are images on Debian 12; older ones are on Debian 11 only. */
const BOOKWORM: Record<string, number> = { "3.0": 6, "3.1": 4, "3.2": 2 };

/** The image of the one version that a Gemfile names: bundler refuses every other. Undefined where it leaves a choice, or names no MRI. */
export function exactRuby({ path, runtime }: Pick<PlannedService, "path" | "runtime">, tree: Tree): string | undefined {
  if (runtime.name !== "ruby") return undefined;
  const text = (name: string) => tree.text(joinPath(path, name) ?? name) ?? "";
  const [line = "", said, file] =
    /^\s*ruby[ (]\s*(?:["'](?:=\s*)?(\d+\.\d+\.\d+)["']|file:\s*["']([^"']+)["']).*$/m.exec(text("Gemfile")) ?? [];
  if (line.includes("engine")) return undefined;
  const version = said ?? (file && /^\s*(?:ruby[- ]\s*)?(\d+\.\d+\.\d+)\s*$/m.exec(text(file))?.[1]);
  if (!version) return undefined;
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const isOld = major < 3 || (major === 3 && minor < 3 && patch < (BOOKWORM[`3.${minor}`] ?? 0));
  return `ruby:${version}-slim-${isOld ? "bullseye" : "bookworm"}`;
}

/** Whether gems look for a JavaScript runtime as soon as they are loaded, and none of them brings one. */
export function runsScripts({ path }: Pick<PlannedService, "path">, tree: Tree): boolean {
  const text = (name: string) => tree.text(joinPath(path, name) ?? name) ?? "";
  const gems = `${text("Gemfile")}\n${text("Gemfile.lock")}`;
  const has = (names: string) => new RegExp(`^(?:\\s*gem ["'](?:${names})["']| {4}(?:${names}) \\()`, "m").test(gems);
  const asks = has("execjs|uglifier|coffee-rails|coffee-script|autoprefixer-rails|terser");
  return asks && !has("mini_racer|therubyracer|duktape");
}
