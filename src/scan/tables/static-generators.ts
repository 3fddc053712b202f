/** A program that makes a folder of pages from texts and templates. */
export interface Generator {
  id: string;
  /** Its configuration files, the usual first; relative to the unit. */
  files: readonly string[];
  /** What a file of a common name must say to be its own. */
  words?: RegExp;
  /** Folders that it needs beside a file of a common name. */
  folders?: readonly string[];
  build: string;
  /** Keys that name the folder it writes to, and the folder without them. */
  outputKeys: readonly (readonly string[])[];
  output: string;
  /** Manifests that may lie beside it; any other one is that of an application, whose documents these are. */
  beside: readonly string[];
}

const ENDINGS = ["toml", "yaml", "yml", "json"];

export const GENERATORS: readonly Generator[] = [
  {
    id: "hugo",
    files: [
      ...ENDINGS.map((ending) => `hugo.${ending}`),
      ...ENDINGS.flatMap((ending) => [`config/_default/hugo.${ending}`, `config/_default/config.${ending}`]),
    ],
    build: "hugo --minify",
    outputKeys: [["publishDir"], ["publishdir"]],
    output: "public",
    beside: ["package.json", "go.mod"],
  },
  {
    id: "hugo",
    files: ENDINGS.map((ending) => `config.${ending}`),
    words: /^[^\S\n]*"?baseurl"?\s*[=:]/im,
    folders: ["content", "layouts", "themes", "archetypes"],
    build: "hugo --minify",
    outputKeys: [["publishDir"], ["publishdir"]],
    output: "public",
    beside: ["package.json", "go.mod"],
  },
  {
    id: "zola",
    files: ["zola.toml", "config.toml"],
    words: /^[^\S\n]*base_url\s*=/m,
    folders: ["content", "templates", "themes"],
    build: "zola build",
    outputKeys: [["output_dir"]],
    output: "public",
    beside: ["package.json"],
  },
  {
    id: "mkdocs",
    files: ["mkdocs.yml", "mkdocs.yaml"],
    build: "mkdocs build",
    outputKeys: [["site_dir"]],
    output: "site",
    beside: ["requirements.txt", "pyproject.toml", "Pipfile", "package.json"],
  },
  {
    id: "mdbook",
    files: ["book.toml"],
    build: "mdbook build",
    outputKeys: [["build", "build-dir"]],
    output: "book",
    beside: [],
  },
];
