import picomatch from "picomatch";
import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import { ASSUMED } from "../../fact.ts";
import { manifestsIn } from "../../markers.ts";
import type { Snapshot } from "../../snapshot.ts";
import { codeConfig } from "../javascript/literals/config.ts";
import { frameworkOf } from "./frameworks.ts";
import { filesNamed } from "./names.ts";
import { type Platform, type Seen, type Site, seenIn } from "./platform.ts";
import { tellCron, tellVariable } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { tellOutput } from "./tell-output.ts";

/** `vercel.json`, `now.json` before it, and `vercel.ts` (as text). */
export const vercel: Platform = {
  id: "vercel",
  reads: ["vercel.json", "vercel.ts", "now.json"],
  find: (snapshot) =>
    filesNamed(snapshot, "vercel.json", "vercel.ts", "now.json").filter(
      (file) => !file.endsWith(".ts") || isConfig(snapshot, file),
    ),
  read(site) {
    for (const file of site.files)
      if (file.endsWith(".ts")) readCode(site, file);
      else readJson(site, file);
  },
};

/** Builders of functions, and not of pages. */
const HANDLED = /^(?:@(?:vercel|now)\/(?:node|python|go|ruby)|vercel-(?:php|rust|deno))\b/;

/** Other files are called so too: the one of the platform lies beside a manifest, and says whose it is. */
function isConfig(snapshot: Snapshot, file: string): boolean {
  const folder = folderOf(file);
  const isAtUnit = folder === "." || manifestsIn(snapshot, folder).length > 0;
  return isAtUnit && /["']@vercel\/config(?:\/[\w/]+)?["']/.test(snapshot.code(file)?.code ?? "");
}

type Get = (key: string) => { text: string | undefined; seen: Seen };

function readJson(site: Site, file: string): void {
  const document = site.snapshot.json(file);
  const seen = seenIn(file, document);
  const { value } = document;
  tell(site, file, (key) => ({ text: stringAt(value, [key]), seen: seen(key) }));
  const about = site.about(file, folderOf(file));
  for (const [index, cron] of listAt(value, ["crons"]).entries()) {
    const path = stringAt(cron, ["path"]);
    if (path !== undefined)
      tellCron(about, { name: path, schedule: stringAt(cron, ["schedule"]) }, seen("crons", index));
  }
  for (const name of Object.keys(recordAt(value, ["env"]))) tellVariable(about, name, seen("env", name));
  for (const name of Object.keys(recordAt(value, ["build", "env"])))
    tellVariable(about, name, seen("build", "env", name), { phase: "build" });
  for (const pattern of Object.keys(recordAt(value, ["functions"])))
    tellFunctions(site, { file, pattern }, seen("functions", pattern));
  for (const [index, build] of listAt(value, ["builds"]).entries()) {
    if (HANDLED.test(stringAt(build, ["use"]) ?? ""))
      tellFunctions(site, { file, pattern: stringAt(build, ["src"]) ?? "" }, seen("builds", index));
    const folder = isRecord(build) ? stringAt(build, ["config", "distDir"]) : undefined;
    const source = stringAt(build, ["src"]) ?? "";
    if (folder !== undefined && stringAt(build, ["use"]) === "@vercel/static-build")
      tellOutput(site, { file, folder: joinPath(folderOf(file), folderOf(source)) }, folder, seen("builds", index));
  }
}

/** States that the host calls some files of the unit, where those are not the small part of a page. */
function tellFunctions(site: Site, { file, pattern }: { file: string; pattern: string }, seen: Seen): void {
  const folder = folderOf(file);
  const matches = picomatch(joinPath(folder, pattern) ?? pattern);
  const found = site.snapshot.paths.find((path) => isIn(path, folder) && matches(path));
  if (["index.html", "public/index.html"].some((page) => site.snapshot.has(joinPath(folder, page) ?? page))) return;
  const about = site.about(file, folder);
  if (found === undefined) about.miss("kind", `no file matches ${pattern}`, { ...seen, rule: "functions" });
  else about.claim("kind", "api", { ...seen, source: "convention", confidence: ASSUMED, rule: "functions" });
}

function readCode(site: Site, file: string): void {
  const config = codeConfig(site.snapshot, file);
  if (!config) return;
  tell(site, file, (key) => {
    const setting = config.setting(key);
    const text = setting && "value" in setting ? String(setting.value) : undefined;
    return { text, seen: { file, at: setting?.place } };
  });
}

function tell(site: Site, file: string, get: Get): void {
  const told = { file, folder: folderOf(file) };
  const build = get("buildCommand");
  const output = get("outputDirectory");
  // `cd web && npm run build` with `web/dist`: what is built there is a part of that folder.
  const about = tellBuild(site, told, build.text, build.seen);
  const built = about.units.find(({ path }) => path !== told.folder)?.path;
  const inside =
    built !== undefined && output.text !== undefined && isIn(joinPath(told.folder, output.text) ?? "", built);
  tellOutput(site, told, output.text, output.seen);
  const install = get("installCommand");
  if (!inside && !/(?:^|\s)cd\s|--prefix|--cwd/.test(install.text ?? ""))
    site.about(file, told.folder).claim("install", install.text, { ...install.seen, rule: "install" });
  const framework = get("framework");
  const id = framework.text === undefined ? undefined : frameworkOf(framework.text);
  // What packages and files say goes before what was once chosen in a form.
  about.claim("framework", id, { ...framework.seen, source: "convention", confidence: 0.7, rule: "framework" });
}
