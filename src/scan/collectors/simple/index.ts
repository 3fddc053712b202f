import type { Collector, View } from "../../collector.ts";
import { manifestsIn } from "../../markers.ts";
import { erlang, gleam } from "./beam.ts";
import { crystal, nim } from "./crystal-nim.ts";
import { dart } from "./dart.ts";
import { haskell, ocaml } from "./functional.ts";
import { clojure, mill, scala } from "./jvm-languages.ts";
import { claimSimplePort } from "./listening.ts";
import { loose, shell } from "./loose.ts";
import { cFamily } from "./make.ts";
import type { SimpleLanguage, SimpleProgram } from "./model.ts";
import { ballerina, dlang, swift, vlang, zig } from "./native.ts";
import { plainJava } from "./plain-java.ts";
import { julia, lua, perl, rlang } from "./scripting.ts";

/** Languages that a manifest of their own shows, and those that only their files show; each with the endings of its code. */
const LANGUAGES: readonly (readonly [language: SimpleLanguage, ...endings: string[]])[] = [
  [gleam, "gleam"],
  [erlang, "erl"],
  [scala, "scala", "java"],
  [mill, "scala", "java"],
  [plainJava, "java"],
  [clojure, "clj", "cljc"],
  [dart, "dart"],
  [swift, "swift"],
  [zig, "zig"],
  [ballerina, "bal"],
  [crystal, "cr"],
  [nim, "nim"],
  [dlang, "d"],
  [vlang, "v"],
  [haskell, "hs"],
  [ocaml, "ml"],
  [perl, "pl", "pm", "psgi"],
  [rlang, "r"],
  [julia, "jl"],
];
const BY_FILES: readonly (readonly [language: SimpleLanguage, ...endings: string[]])[] = [
  [lua, "lua"],
  [cFamily, "c", "cc", "cpp", "cxx", "h", "hpp"],
  [
    loose,
    ..."c cc cpp clj cr d dart groovy hs java jl kt lua ml nim odin pl r rkt rs scala scm swift v zig".split(" "),
  ],
  [shell],
];
/** Nothing is surer here: the rules are conventions of few projects. */
const MOST = 0.6;

/** Programs in languages with a few conventions each. */
export const simpleCollector: Collector = {
  id: "simple",
  reads: [
    "gleam.toml",
    "build.sbt",
    "project.clj",
    "deps.edn",
    "pubspec.yaml",
    "Package.swift",
    "stack.yaml",
    "build.zig",
    "CMakeLists.txt",
    "Makefile",
  ],
  collect(view) {
    const rows = hasOther(view) ? LANGUAGES : [...LANGUAGES, ...BY_FILES];
    for (const [language, ...endings] of rows) {
      const program = language(view);
      if (!program) continue;
      claim(view, program, endings);
      return;
    }
  },
};

/** Whether a manifest of another ecosystem is there: extensions in C are a part of its program. */
function hasOther({ snapshot, unit }: View): boolean {
  return manifestsIn(snapshot, unit.path).some((base) => base !== "meson.build");
}

function claim(view: View, program: SimpleProgram, endings: readonly string[]): void {
  const { at, declared, runtime } = program;
  const manifest = { source: declared ? "project" : "code", confidence: declared ? 0.95 : MOST, at } as const;
  const habit = { source: "convention", confidence: MOST, at } as const;
  view.claim("language", program.language, manifest);
  view.claim("runtime", { name: runtime.name, version: runtime.version ?? null }, manifest);
  if (program.name) view.claim("name", program.name, manifest);
  if (program.packageManager) view.claim("packageManager", program.packageManager, manifest);
  if (program.framework) view.claim("framework", program.framework, manifest);
  if (program.kind) view.claim("kind", program.kind, { source: "code", confidence: MOST, at });
  for (const fact of ["install", "build", "test", "start", "output"] as const) {
    const value = program[fact];
    if (value !== undefined) view.claim(fact, value, habit);
  }
  if (program.start === undefined || claimSimplePort(view, endings)) return;
  if (program.port !== undefined)
    view.claim("port", program.port, program.portAt ? { ...habit, source: "code", at: program.portAt } : habit);
}
