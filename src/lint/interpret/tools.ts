import type { DockerfileDocument, DockerfileStage } from "../../formats/dockerfile/read.ts";
import { baseImageOf, commandsOf, inheritedInstructions } from "../dockerfile.ts";
import type { LintFile } from "../lint-file.ts";
import { contentsOf } from "./base-images.ts";

/** Commands that install nothing but what their arguments name, or nothing at all. */
const PLAIN = new Set(
  (
    "apt-get apt apk yum dnf microdnf rm mkdir chmod chown chgrp useradd adduser groupadd addgroup usermod set echo printf " +
    "export true : cp mv ln touch sed cat cd ls test [ npm npx yarn pnpm corepack pip pip3 python python3 poetry uv bundle " +
    "gem go cargo mvn gradle dotnet composer mix node setcap update-ca-certificates ldconfig locale-gen find tee apt-mark"
  ).split(" "),
);

const INSTALLERS = new Set(["apt-get", "apt", "apk", "yum", "dnf", "microdnf"]);

/** Whether a stage certainly lacks a program: its base image does, and nothing that was done to it can have brought it. */
export function lacksTool(file: LintFile, document: DockerfileDocument, stage: DockerfileStage, tool: string): boolean {
  if (!contentsOf(baseImageOf(document, stage))?.lacks.includes(tool)) return false;
  const instructions = inheritedInstructions(document, stage);
  // A runtime may lie in a folder of its own.
  if (
    Object.hasOwn(STEMS, tool) &&
    instructions.some(({ keyword, pairs }) => keyword === "ENV" && pairs.some(({ name }) => name === "PATH"))
  )
    return false;
  return instructions.every((instruction) => {
    if (instruction.keyword !== "RUN")
      return !(["COPY", "ADD"].includes(instruction.keyword) && brings(instruction.words, tool));
    return commandsOf(file, instruction).every(
      ({ argv, words }) =>
        PLAIN.has(argv[0] ?? "") &&
        !argv.some((word) => mentions(word, tool)) &&
        (!INSTALLERS.has(argv[0] ?? "") || words.every(({ text }) => !text.includes("$"))),
    );
  });
}

/** A copied file of that name, or a whole folder of programs. */
function brings(words: readonly string[], tool: string): boolean {
  return words.some(
    (word) => mentions(word, tool) || /(?:^|\/)s?bin\/?$|^\/(?:usr|opt)(?:\/local)?(?:\/|$)|^\/$/.test(word),
  );
}

/** Words that may bring a program under another name: packages, version managers. */
const STEMS: Record<string, RegExp> = {
  node: /node|nvm|fnm|volta/,
  npm: /node|npm|nvm|fnm|volta/,
  npx: /node|npm|nvm|fnm|volta/,
  yarn: /node|npm|yarn|corepack/,
  pnpm: /node|npm|corepack/,
  java: /java|jre|jdk|maven|gradle/,
  php: /php/,
  ruby: /ruby|rbenv|rvm/,
  python: /python|pip|conda/,
  python3: /python|pip|conda/,
};

/** `curl`, `curl=8.5`, `curl-minimal`, `/usr/bin/curl`. */
function mentions(word: string, tool: string): boolean {
  const stem = Object.hasOwn(STEMS, tool) ? STEMS[tool] : undefined;
  return stem ? stem.test(word) : new RegExp(`(?:^|[^\\w-])${tool}(?![\\w])`).test(word);
}
