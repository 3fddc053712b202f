import { listAt, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { ASSUMED } from "../../fact.ts";
import { filesNamed } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { tellCron, tellVariable } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { tellOutput } from "./tell-output.ts";

export const cloudflare: Platform = {
  id: "cloudflare",
  reads: ["wrangler.toml", "wrangler.jsonc", "wrangler.json"],
  find: (snapshot) => filesNamed(snapshot, "wrangler.toml", "wrangler.jsonc", "wrangler.json"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

/** What the framework's adapter fills, where a page is served with a worker. */
const OF_ADAPTERS = /^\.?\/?\.(?:open-next|svelte-kit|vercel|output|wrangler)\//;

function readFile(site: Site, file: string): void {
  const document = file.endsWith(".toml") ? site.snapshot.toml(file) : site.snapshot.json(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const told = { file, folder: folderOf(file) };
  const about = site.about(file, told.folder);
  for (const path of [["pages_build_output_dir"], ["assets", "directory"], ["site", "bucket"]]) {
    const folder = stringAt(value, path);
    if (folder !== undefined && !OF_ADAPTERS.test(folder)) tellOutput(site, told, folder, seen(...path));
  }
  const main = stringAt(value, ["main"]);
  const program = main === undefined ? undefined : joinPath(told.folder, main);
  // Beside pages it is their small part; what an adapter makes is in no repository.
  const hasPages = [["assets"], ["site"], ["pages_build_output_dir"]].some(
    (path) => valueAt(value, path) !== undefined,
  );
  if (program !== undefined && site.snapshot.has(program) && !hasPages)
    about.claim("kind", "api", { ...seen("main"), source: "convention", confidence: ASSUMED, rule: "worker" });
  tellBuild(site, told, stringAt(value, ["build", "command"]), seen("build", "command"));
  for (const name of Object.keys(recordAt(value, ["vars"]))) tellVariable(about, name, seen("vars", name));
  for (const [index, schedule] of listAt(value, ["triggers", "crons"]).entries())
    if (typeof schedule === "string") tellCron(about, { name: schedule, schedule }, seen("triggers", "crons", index));
}
