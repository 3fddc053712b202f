import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { SimpleLanguage } from "./model.ts";

interface Row {
  language: string;
  runtime: string;
  /** `FILE` is the program, `NAME` what is made of it. */
  build?: string;
  start: string;
}

/** Programs of one file without any manifest, by their ending. */
const ROWS: Record<string, Row> = {
  c: { language: "C", runtime: "native", build: "cc -O2 -o NAME FILE", start: "./NAME" },
  cc: { language: "C++", runtime: "native", build: "c++ -O2 -o NAME FILE", start: "./NAME" },
  cpp: { language: "C++", runtime: "native", build: "c++ -O2 -o NAME FILE", start: "./NAME" },
  rs: { language: "Rust", runtime: "rust", build: "rustc -O -o NAME FILE", start: "./NAME" },
  zig: { language: "Zig", runtime: "zig", build: "zig build-exe -O ReleaseSafe FILE", start: "./NAME" },
  v: { language: "V", runtime: "v", build: "v -prod -o NAME FILE", start: "./NAME" },
  nim: { language: "Nim", runtime: "nim", build: "nim c -d:release -o:NAME FILE", start: "./NAME" },
  cr: { language: "Crystal", runtime: "crystal", build: "crystal build --release -o NAME FILE", start: "./NAME" },
  hs: { language: "Haskell", runtime: "haskell", build: "ghc -O2 -o NAME FILE", start: "./NAME" },
  swift: { language: "Swift", runtime: "swift", build: "swiftc -O -o NAME FILE", start: "./NAME" },
  cbl: { language: "COBOL", runtime: "native", build: "cobc -x -o NAME FILE", start: "./NAME" },
  java: { language: "Java", runtime: "java", build: "javac FILE", start: "java NAME" },
  kt: {
    language: "Kotlin",
    runtime: "java",
    build: "kotlinc FILE -include-runtime -d NAME.jar",
    start: "java -jar NAME.jar",
  },
  jl: { language: "Julia", runtime: "julia", start: "julia FILE" },
  lua: { language: "Lua", runtime: "lua", start: "lua FILE" },
  pl: { language: "Perl", runtime: "perl", start: "perl FILE" },
  rkt: { language: "Racket", runtime: "racket", start: "racket FILE" },
  scm: { language: "Scheme", runtime: "scheme", start: "guile FILE" },
  tcl: { language: "Tcl", runtime: "tcl", start: "tclsh FILE" },
  groovy: { language: "Groovy", runtime: "java", start: "groovy FILE" },
  scala: { language: "Scala", runtime: "java", start: "scala FILE" },
  clj: { language: "Clojure", runtime: "java", start: "clojure -M FILE" },
  exs: { language: "Elixir", runtime: "elixir", start: "elixir FILE" },
  ml: { language: "OCaml", runtime: "ocaml", build: "ocamlopt -o NAME FILE", start: "./NAME" },
  d: { language: "D", runtime: "d", build: "dmd -O -of=NAME FILE", start: "./NAME" },
  dart: { language: "Dart", runtime: "dart", build: "dart compile exe FILE -o NAME", start: "./NAME" },
  f90: { language: "Fortran", runtime: "native", build: "gfortran -O2 -o NAME FILE", start: "./NAME" },
  pas: { language: "Pascal", runtime: "native", build: "fpc -oNAME FILE", start: "./NAME" },
  odin: { language: "Odin", runtime: "odin", build: "odin build . -out:NAME", start: "./NAME" },
  r: { language: "R", runtime: "r", start: "Rscript FILE" },
};
const SCRIPTS = [
  "start.sh",
  "run.sh",
  "main.sh",
  "server.sh",
  "app.sh",
  "index.sh",
  "entrypoint.sh",
  "worker.sh",
  "bot.sh",
];

/** A program that its name alone shows. */
export const loose: SimpleLanguage = (view) => {
  const own = view.unit.markers.find((marker) => Object.hasOwn(ROWS, extensionOf(marker)));
  const file = own === undefined ? undefined : view.path(own);
  const row = own === undefined ? undefined : ROWS[extensionOf(own)];
  if (own === undefined || file === undefined || !row) return undefined;
  const name = own.slice(0, own.lastIndexOf("."));
  const fill = (command: string) => command.replace("FILE", own).replace("NAME", name);
  return {
    language: row.language,
    runtime: { name: row.runtime },
    at: view.seen(file, 1, "program"),
    declared: false,
    build: row.build && fill(row.build),
    start: fill(row.start),
  };
};

/** A script of a shell, where nothing else is in the unit's folder to be started. */
export const shell: SimpleLanguage = (view) => {
  const { snapshot, unit } = view;
  if (!unit.markers.every((marker) => marker.endsWith(".sh"))) return undefined;
  const base = SCRIPTS.find((name) => unit.markers.includes(name));
  const file = base === undefined ? undefined : view.path(base);
  if (base === undefined || file === undefined) return undefined;
  const program =
    /^#!\s*(?:\/usr\/bin\/env\s+)?(?:\S*\/)?(bash|zsh|dash|ash|sh)\b/.exec(snapshot.text(file) ?? "")?.[1] ?? "sh";
  return {
    language: "Shell",
    runtime: { name: "shell" },
    at: view.seen(file, 1, baseOf(file)),
    declared: false,
    start: `${program} ${base}`,
  };
};
