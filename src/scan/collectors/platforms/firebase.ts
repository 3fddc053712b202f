import { isRecord, listAt, stringAt, valueAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { ASSUMED } from "../../fact.ts";
import { filesNamed } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { tellOutput } from "./tell-output.ts";

export const firebase: Platform = {
  id: "firebase",
  reads: ["firebase.json"],
  find: (snapshot) => filesNamed(snapshot, "firebase.json"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

function readFile(site: Site, file: string): void {
  const document = site.snapshot.json(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const folder = folderOf(file);
  /** One, or a list with one for each site or code base. */
  const places = (key: string) =>
    isRecord(valueAt(value, [key])) ? [[key]] : listAt(value, [key]).map((_, index) => [key, index]);
  for (const place of places("hosting")) {
    const pages = stringAt(value, [...place, "public"]);
    const about = tellOutput(site, { file, folder }, pages, seen(...place, "public"));
    // Pages that lie in the repository are published as they are.
    if (pages !== undefined && site.snapshot.has(joinPath(folder, `./${pages}/index.html`) ?? ""))
      about.claim("kind", "static", { ...seen(...place), source: "convention", confidence: ASSUMED, rule: "hosting" });
  }
  for (const place of places("functions")) {
    const [, name = "", version] = /^(nodejs|python)(\d+)$/.exec(stringAt(value, [...place, "runtime"]) ?? "") ?? [];
    const about = site.about(file, joinPath(folder, `./${stringAt(value, [...place, "source"]) ?? "functions"}`));
    if (version === undefined) continue;
    const runtime =
      name === "nodejs" ? { name: "node", version } : { name, version: `${version[0]}.${version.slice(1)}` };
    about.claim("runtime", runtime, { ...seen(...place, "runtime"), rule: "runtime" });
  }
}
