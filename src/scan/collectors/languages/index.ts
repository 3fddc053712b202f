import type { Collector, View } from "../../collector.ts";
import { attributesOf } from "./attributes.ts";
import { isCounted } from "./counted.ts";
import { languageNamed, languageOf } from "./language-of.ts";

/** How a thing is built and shipped: counted, and never what it is written in while there is anything else. */
const AROUND = new Set(
  "Dockerfile,Makefile,Procfile,Batchfile,CMake,Just,Shell,PowerShell,HCL,Nix,Starlark,Meson,Earthly,M4,Smarty,Go Template,Jinja,Awk,sed".split(
    ",",
  ),
);
/** Pages, their looks, and papers: only where there is no program. */
const PAGES = new Set(
  "HTML,CSS,SCSS,Sass,Less,Stylus,SugarSS,Jupyter Notebook,TeX,Roff,MDX,Rich Text Format,PostScript,Mermaid,Mask,RAML".split(
    ",",
  ),
);

/** The languages of a unit by bytes of its code, as linguist counts them. */
export const languagesCollector: Collector = {
  id: "languages",
  reads: ["*", ".gitattributes"],
  collect(view) {
    const bytes = countBytes(view);
    const found = [...bytes].sort(([a, x], [b, y]) => y.bytes - x.bytes || (a < b ? -1 : 1));
    const program = found.some(([language]) => !AROUND.has(language) && !PAGES.has(language));
    const page = found.some(([language]) => PAGES.has(language));
    const told = found.filter(([language]) => !PAGES.has(language) || !program);
    const [first] = program || page ? told.filter(([language]) => !AROUND.has(language)) : told;
    if (!first) return;
    const languages = told.map(([language]) => language);
    view.claim("languages", languages, { source: "code", at: view.seen(first[1].largest, 1, "bytes") });
  },
};

interface Counted {
  bytes: number;
  /** The file with the most of them. */
  largest: string;
  most: number;
}

function countBytes({ snapshot, unit, files }: View): ReadonlyMap<string, Counted> {
  const found = new Map<string, Counted>();
  for (const path of files) {
    const inside = unit.path === "." ? path : path.slice(unit.path.length + 1);
    const { language: told, counted } = attributesOf(snapshot, path);
    if (counted === false || (counted === undefined && (snapshot.foreign(path) || !isCounted(snapshot, path, inside))))
      continue;
    const language = told === undefined ? languageOf(snapshot, path) : languageNamed(told);
    const size = snapshot.size(path);
    if (language === undefined || size === 0) continue;
    const at = found.get(language) ?? { bytes: 0, largest: path, most: 0 };
    at.bytes += size;
    if (size > at.most) Object.assign(at, { largest: path, most: size });
    found.set(language, at);
  }
  return found;
}
