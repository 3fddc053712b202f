import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf } from "../../../formats/tree.ts";
import { filesNamed } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { tellStart, tellVariable } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";

/** `nixpacks.toml`, or the same as JSON. */
export const nixpacks: Platform = {
  id: "nixpacks",
  reads: ["nixpacks.toml", "nixpacks.json"],
  find: (snapshot) => filesNamed(snapshot, "nixpacks.toml", "nixpacks.json"),
  read(site) {
    for (const file of site.files) readNixpacks(site, file);
  },
};

function readNixpacks(site: Site, file: string): void {
  const document = file.endsWith(".toml") ? site.snapshot.toml(file) : site.snapshot.json(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const told = { file, folder: folderOf(file) };
  const about = site.about(file, told.folder);
  const start = stringAt(value, ["start", "cmd"]) ?? stringAt(value, ["start"]);
  if (start !== undefined) tellStart(site, told, start, seen("start", "cmd"));
  const commands = (phase: string) =>
    listAt(value, ["phases", phase, "cmds"]).filter((line) => typeof line === "string" && line !== "...");
  tellBuild(site, told, commands("build").join(" && "), seen("phases", "build", "cmds"));
  const install = commands("install").join(" && ");
  if (install !== "") about.claim("install", install, { ...seen("phases", "install", "cmds"), rule: "install" });
  for (const name of Object.keys(recordAt(value, ["variables"])))
    if (!name.startsWith("NIXPACKS_")) tellVariable(about, name, seen("variables", name), { phase: "build" });
  for (const phase of Object.keys(recordAt(value, ["phases"])))
    for (const [index, name] of listAt(value, ["phases", phase, "aptPkgs"]).entries())
      if (typeof name === "string" && name !== "...")
        about.claimEach("native", name, { package: name }, { ...seen("phases", phase, "aptPkgs", index), rule: "apt" });
}

/** `railpack.json`. */
export const railpack: Platform = {
  id: "railpack",
  reads: ["railpack.json"],
  find: (snapshot) => filesNamed(snapshot, "railpack.json"),
  read(site) {
    for (const file of site.files) readRailpack(site, file);
  },
};

const RUNTIMES = new Set(["node", "bun", "deno", "python", "go", "rust", "java", "ruby", "php", "dotnet", "elixir"]);

function readRailpack(site: Site, file: string): void {
  const document = site.snapshot.json(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const told = { file, folder: folderOf(file) };
  const about = site.about(file, told.folder);
  const start = stringAt(value, ["deploy", "startCommand"]);
  if (start !== undefined) tellStart(site, told, start, seen("deploy", "startCommand"));
  const commands = listAt(value, ["steps", "build", "commands"]).flatMap((step) => {
    const line = typeof step === "string" ? step : isRecord(step) ? stringAt(step, ["cmd"]) : undefined;
    return line === undefined || line === "..." ? [] : [line];
  });
  tellBuild(site, told, commands.join(" && "), seen("steps", "build", "commands"));
  for (const [name, version] of Object.entries(recordAt(value, ["packages"])))
    if (RUNTIMES.has(name) && typeof version === "string" && /^\d/.test(version))
      about.claim("runtime", { name, version }, { ...seen("packages", name), rule: "runtime" });
  for (const [index, name] of listAt(value, ["deploy", "aptPackages"]).entries())
    if (typeof name === "string" && name !== "...")
      about.claimEach("native", name, { package: name }, { ...seen("deploy", "aptPackages", index), rule: "apt" });
}
