import { baseOf, folderOf } from "../../../formats/tree.ts";
import { hitsIn } from "../../search.ts";
import { filesLike } from "./names.ts";
import type { Platform, Seen, Site } from "./platform.ts";
import { tellProcess, tellRelease, tellStart } from "./tell.ts";

const LINE = /^[^\S\n]*([A-Za-z0-9_-]+)[^\S\n]*:[^\S\n]*(\S.*?)[^\S\n]*$/gm;
const WORTH = 0.98;

/** `Procfile`: `web` takes requests, `release` runs before, the others beside. */
export const procfile: Platform = {
  id: "procfile",
  reads: ["Procfile"],
  find: (snapshot) => filesLike(snapshot, /^Procfile(?:\.(?:prod|production|heroku|railway|dokku))?$/i),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

function readFile(site: Site, file: string): void {
  const lines = hitsIn(site.snapshot.text(file) ?? "", LINE, file).map(
    ({ match: [, name = "", command = ""], place }) => ({
      name,
      command,
      seen: { file, at: place, confidence: baseOf(file) === "Procfile" ? WORTH : WORTH - 0.02 } satisfies Seen,
    }),
  );
  const told = { file, folder: folderOf(file) };
  const main = lines.find(({ name }) => name === "web");
  const workers = lines.filter(({ name }) => name !== "web" && name !== "release");
  const only = main === undefined && workers.length === 1 ? workers[0] : undefined;
  if (main) tellStart(site, told, main.command, main.seen);
  if (only) tellStart(site, told, only.command, only.seen).claim("kind", "worker", { ...only.seen, rule: "worker" });
  for (const { name, command, seen } of workers)
    if (name !== only?.name) tellProcess(site, { ...told, names: [name] }, name, command, seen);
  const release = lines.find(({ name }) => name === "release");
  if (release) tellRelease(site.about(file, told.folder), release.command, release.seen);
}
