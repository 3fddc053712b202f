/** What tells languages that share an extension apart: the first pattern that the head of the file has; the last entry may be sure. */
export interface Ambiguity {
  language: string;
  /** Absent: what it is if nothing before it held. */
  when?: RegExp;
}

const is = (language: string, when?: RegExp): Ambiguity => (when ? { language, when } : { language });

/**
 * By extension. Only languages of the web, of systems and of common tools are told apart; a file that none of its patterns knows is
 * not counted, which is safer than to count it for the wrong language.
 */
export const AMBIGUOUS: Readonly<Record<string, readonly Ambiguity[]>> = {
  as: [
    is("ActionScript", /^[^\S\n]*(?:package\b[^\n]*\{?|import\s+(?:flash|mx)\.)/m),
    is("AngelScript", /\bfunc(?:def)?\b|@\w+|\bmixin\b/),
  ],
  bas: [is("VBA", /^Attribute VB_/m), is("BASIC")],
  bb: [
    is("BitBake", /^[^\S\n]*(?:SUMMARY|DESCRIPTION|LICENSE|SRC_URI|inherit)\b/m),
    is("Clojure", /^\s*(?:\(|#!.*\bbb\b)/),
  ],
  cake: [is("C#", /\bTask\s*\(|;\s*$/m), is("CoffeeScript")],
  cl: [
    is("Common Lisp", /^[^\S\n]*\((?:defun|defpackage|in-package|defmacro)\b/im),
    is("C", /\b__?kernel\b/),
    is("Cool", /^[^\S\n]*class\s+[A-Z]\w*\s/m),
  ],
  cls: [
    is("VBA", /^VERSION\s+1\.0\s+CLASS|^Attribute VB_/m),
    is("TeX", /\\(?:NeedsTeXFormat|ProvidesClass|documentclass)\b/),
    is("OpenEdge ABL", /^[^\S\n]*CLASS\s+[\w.-]+\s*(?:INHERITS[^:]*)?:/im),
    is("ObjectScript", /^Class\s+%?[\w.]+\s+(?:Extends|\[|\{)/m),
    is("Apex", /\b(?:public|private|global)\b[^\n{]*\bclass\b/i),
  ],
  d: [
    is("Makefile", /^[\w./-]+\.o\s*:|\\\n/m),
    is("D", /^[^\S\n]*(?:module|import)\s+[\w.]+|\bvoid\s+main\s*\(|\bstruct\b/m),
  ],
  es: [is("Erlang", /^(?:#!.*escript|%|-module\()/m), is("JavaScript")],
  f: [is("Forth", /^(?:: |\\ )/m), is("Fortran", /^(?:[c*!]|\s{6,}\S|\s*(?:program|subroutine|function|module)\b)/im)],
  for: [is("Forth", /^(?:: |\\ )/m), is("Fortran")],
  fpp: [is("Fortran")],
  frag: [is("JavaScript", /\bfunction\s*\(|=>/), is("GLSL")],
  fs: [
    is("GLSL", /^[^\S\n]*(?:#version\b|precision\s+\w+p\b|uniform\s|varying\s)|\bgl_FragColor\b/m),
    is("Forth", /^(?:: \S+ |\\ )/m),
    is("F#"),
  ],
  ftl: [is("FreeMarker", /<[#@]\w|\$\{/), is("Fluent", /^[a-z-]+\s*=/m)],
  gd: [is("GAP", /\bDeclare(?:Operation|Global|Attribute)\b/), is("GDScript")],
  gs: [
    is("GLSL", /^[^\S\n]*#version\b/m),
    is("Genie", /^[^\S\n]*init\s*$/m),
    is("JavaScript", /\bfunction\b|\b(?:const|var|let)\s/),
  ],
  gts: [is("TypeScript", /\b(?:import|export|const)\b/)],
  h: [
    is("Objective-C", /^[^\S\n]*(?:@(?:interface|protocol|class|end|property|import)\b|#import\b)/m),
    is(
      "C++",
      /^[^\S\n]*(?:template\s*<|class\s+\w+[^;]*$|namespace\b|using\s+\w|public:|private:|protected:)|\bstd::|^[^\S\n]*#\s*include\s*<(?:algorithm|array|atomic|chrono|cstdint|cstd\w+|fstream|functional|iostream|list|map|memory|mutex|optional|set|sstream|string|string_view|thread|tuple|unordered_map|utility|vector)>/m,
    ),
    is("C"),
  ],
  hh: [is("Hack", /^<\?hh\b/), is("C++")],
  inc: [
    is("PHP", /^\s*<\?(?:php|=)?/),
    is("C++", /^[^\S\n]*#\s*(?:include|define|if)\b/m),
    is("Pascal", /^[^\S\n]*\{\$|\b(?:procedure|function)\s+\w+[^\n]*;/im),
  ],
  l: [is("Lex", /^%[%{]/m), is("Common Lisp", /^[^\S\n]*\((?:def\w+|in-package)\b/m)],
  lisp: [is("Common Lisp")],
  lsp: [is("Common Lisp")],
  ls: [is("LiveScript")],
  m: [
    is(
      "Objective-C",
      /^[^\S\n]*(?:@(?:interface|implementation|class|protocol|import|end)\b|#\s*(?:import|include)\b)/m,
    ),
    is("Mercury", /^:-\s*module\b/m),
    is("Wolfram Language", /\(\*[\s\S]*?\*\)|\bBeginPackage\[|:=\s*Module\[/),
    is("MATLAB", /^[^\S\n]*(?:function\b|classdef\b|%|clear\b|clc\b|close all\b)|\bend\s*;?\s*$/m),
  ],
  ml: [is("Standard ML", /\bstructure\s+\w+\s*(?::>?\s*\w+\s*)?=\s*struct\b|^[^\S\n]*fun\s+\w+[^\n]*=/m), is("OCaml")],
  mm: [is("Objective-C++", /^[^\S\n]*(?:#\s*(?:import|include)|@(?:implementation|interface|import))\b/m)],
  mo: [
    is("Motoko", /^[^\S\n]*(?:import\s+[^\n]*"mo:|(?:persistent\s+)?actor\b)/m),
    is("Modelica", /^[^\S\n]*(?:within|model|package|class)\b/m),
  ],
  mojo: [is("Mojo", /^[^\S\n]*(?:fn|def|struct|from|import|alias)\s/m)],
  nr: [is("Noir", /\bfn\s+\w+\s*\(|^[^\S\n]*use\s/m)],
  nu: [is("Nushell")],
  odin: [is("Odin", /^[^\S\n]*package\s+\w+/m)],
  pkl: [is("Pkl", /^[^\S\n]*(?:module|amends|import|extends)\b/m)],
  pl: [
    is("Prolog", /^[^\S\n]*:-\s|^[a-z]\w*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*:-/m),
    is("Raku", /^[^\S\n]*use\s+v6\b/m),
    is("Perl"),
  ],
  pm: [
    is("Raku", /^[^\S\n]*(?:use\s+v6\b|(?:unit\s+)?(?:module|role|grammar)\s)/m),
    is("C", /^\/\*\s*XPM\s*\*\//),
    is("Perl"),
  ],
  pp: [
    is("Puppet", /^[^\S\n]*(?:class|define|node|include|package|file|service)\s+[\w:'"$]+[^;\n]*\{?\s*$|=>/m),
    is("Pascal", /^[^\S\n]*(?:unit|program|uses|begin|interface)\b/im),
  ],
  pro: [
    is("QMake", /^[^\S\n]*(?:QT|TEMPLATE|TARGET|SOURCES|HEADERS|CONFIG)\s*[+-]?=/m),
    is("Prolog", /:-/),
    is("IDL", /^[^\S\n]*(?:pro|function)\s+\w+/im),
  ],
  qs: [is("Q#", /^[^\S\n]*(?:namespace|operation)\s/m), is("Qt Script")],
  r: [is("Rebol", /^[^\S\n]*REBOL\s*\[/im), is("R")],
  re: [is("C++", /\/\*!re2c/), is("Reason")],
  res: [is("ReScript", /^[^\S\n]*(?:let|module|open|type|@\w+|external)\b/m)],
  rpy: [is("Ren'Py", /^[^\S\n]*(?:label|define|init|screen)\b/m), is("Python")],
  sc: [is("SuperCollider", /\bSynthDef\b|^[^\S\n]*\(?\s*s\.boot|\{\s*\|/m), is("Scala")],
  scm: [is("Scheme", /\((?:define|import|use-modules|library)\b/)],
  shader: [is("ShaderLab", /^[^\S\n]*Shader\s+"/m), is("GLSL")],
  sls: [is("Scheme", /^[^\S\n]*(?:#!r6rs|\(library)\b/m)],
  sol: [is("Solidity", /\bpragma\s+solidity\b|\bcontract\s+\w+/)],
  spec: [is("Ruby", /^[^\S\n]*(?:require\b|describe\b|Gem::)/m)],
  star: [is("Starlark", /^[^\S\n]*(?:def|load)\b/m)],
  sw: [is("Sway", /^[^\S\n]*(?:contract|library|script|predicate)\s*;/m)],
  t: [
    is("Raku", /^[^\S\n]*use\s+v6\b/m),
    is("Terra", /^[^\S\n]*terra\s+\w+/m),
    is("Perl", /\buse\s+(?:strict|warnings|Test::\w+|lib)\b|^#!.*\bperl\b/m),
  ],
  tl: [is("Teal")],
  tpl: [is("Smarty", /\{(?:\*|\/?(?:if|foreach|include|assign|block|extends|literal)\b)/), is("Go Template", /\{\{-?/)],
  trigger: [is("Apex", /^[^\S\n]*trigger\s+\w+\s+on\b/im), is("Shell", /^#!/)],
  v: [
    is("Verilog", /^[^\S\n]*(?:module\s+\w+\s*(?:#\s*\(|\(|;)|endmodule\b|`(?:timescale|define|include|ifdef)\b)/m),
    is(
      "Rocq Prover",
      /^[^\S\n]*(?:Require\b|From\s+\w+\s+Require|Theorem\b|Lemma\b|Definition\b|Inductive\b|Proof\b)/m,
    ),
    is("V", /^[^\S\n]*(?:module\s+\w+\s*$|import\s+[\w.]+\s*$|(?:pub\s+)?(?:fn|struct|const)\s)/m),
  ],
  vba: [is("Vim script", /^[^\S\n]*(?:"|let\s|function!)/m), is("VBA")],
  workflow: [is("HCL", /^[^\S\n]*(?:workflow|action)\s+"/m)],
  yy: [is("Yacc", /^%(?:%|\{|token)/m)],
};

/** Shared extensions of which one language is all but certain: their files are not opened for it. */
export const SETTLED: Readonly<Record<string, string>> = {
  cs: "C#",
  ex: "Elixir",
  php: "PHP",
  rs: "Rust",
  ts: "TypeScript",
  tsx: "TypeScript",
  typ: "Typst",
};
