import { listAt, stringAt } from "../../../formats/document.ts";
import { folderOf } from "../../../formats/tree.ts";
import { portOf } from "../../command-line.ts";
import { filesNamed } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { tellStart, tellVariable } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { textsAt } from "./texts.ts";

export const appRunner: Platform = {
  id: "app-runner",
  reads: ["apprunner.yaml"],
  find: (snapshot) => filesNamed(snapshot, "apprunner.yaml", "apprunner.yml"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

const RUNTIMES: Record<string, string> = {
  nodejs: "node",
  python: "python",
  go: "go",
  ruby: "ruby",
  php: "php",
  dotnet: "dotnet",
  corretto: "java",
};

function readFile(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const told = { file, folder: folderOf(file) };
  const about = site.about(file, told.folder);
  const [, family = "", digits = ""] = /^([a-z]+?)-?(\d+)$/.exec(stringAt(value, ["runtime"]) ?? "") ?? [];
  const name = RUNTIMES[family];
  // `python3` chooses a line; the version stands with `run`.
  const version =
    stringAt(value, ["run", "runtime-version"]) ?? (digits.length > 1 && name === "node" ? digits : undefined);
  if (name !== undefined && version !== undefined) about.claim("runtime", { name, version }, seen("runtime"));
  const commands = ["pre-build", "build"].flatMap((phase) => textsAt(value, ["build", "commands", phase]));
  tellBuild(site, told, commands.join(" && "), seen("build", "commands", "build"));
  const start = stringAt(value, ["run", "command"]);
  if (start !== undefined) tellStart(site, told, start, seen("run", "command"));
  about.claim("port", portOf(stringAt(value, ["run", "network", "port"]) ?? ""), {
    ...seen("run", "network", "port"),
    rule: "port",
  });
  for (const list of ["env", "secrets"])
    for (const [index, entry] of listAt(value, ["run", list]).entries()) {
      const key = stringAt(entry, ["name"]);
      if (key !== undefined) tellVariable(about, key, seen("run", list, index));
    }
}
