import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { mask } from "../../../formats/mask.ts";
import { familyOf } from "../../../formats/mask-syntax.ts";
import { BY_FRAMEWORK } from "./index.ts";
import { TOPICS } from "./snippet.ts";

const folder = mkdtempSync(join(tmpdir(), "stationmaster-snippets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LANGUAGE: Record<string, string> = {
  ...Object.fromEntries(["express", "fastify", "hono", "koa", "next", "elysia"].map((name) => [name, "js"])),
  ...Object.fromEntries(["nest", "nuxt", "remix", "sveltekit"].map((name) => [name, "ts"])),
  ...Object.fromEntries(["fastapi", "flask", "django", "starlette"].map((name) => [name, "py"])),
  ...Object.fromEntries(["gin", "echo", "chi", "gorilla", "net-http", "fiber"].map((name) => [name, "go"])),
  axum: "rs",
  actix: "rs",
  rails: "rb",
  sinatra: "rb",
  laravel: "php",
  "spring-boot": "java",
  "aspnet-core": "cs",
  blazor: "cs",
  phoenix: "ex",
};

const isHere = (program: string) => spawnSync(program, ["--version"]).error === undefined;

/** Programs that parse a language without running it. */
const PARSERS: Record<string, (file: string, text: string) => void> = {
  js: (file, text) => parse("node", ["--check"], `${file}.mjs`, text),
  py: (file, text) =>
    parse("python3", ["-c", "import ast,sys; ast.parse(open(sys.argv[1]).read())"], `${file}.py`, text),
  go: (file, text) => parse("gofmt", ["-e"], `${file}.go`, inFunction(text)),
  rs: (file, text) => parse("rustfmt", ["--check", "--edition", "2021"], `${file}.rs`, text, /error/),
  rb: (file, text) => parse("ruby", ["-c"], `${file}.rb`, text),
};

function inFunction(text: string): string {
  return `package main\n\nfunc main() {\n${text}}\n`;
}

/** Fails where the program says that it cannot read the text; style is no matter. */
function parse(program: string, args: string[], file: string, text: string, complaint?: RegExp): void {
  const path = join(folder, file);
  writeFileSync(path, text);
  if (!complaint) return void execFileSync(program, [...args, path], { stdio: "pipe" });
  expect(spawnSync(program, [...args, path], { encoding: "utf8" }).stderr).not.toMatch(complaint);
}

const ALL = Object.entries(BY_FRAMEWORK).flatMap(([framework, snippets]) =>
  TOPICS.flatMap((topic) => {
    const found = snippets[topic];
    return found ? [{ framework, topic, text: found.text, file: found.file }] : [];
  }),
);

test("each framework has what it needs", () => {
  const missing = Object.entries(BY_FRAMEWORK).flatMap(([framework, snippets]) =>
    (["logging"] as const).filter((topic) => !snippets[topic]).map((topic) => `${framework} ${topic}`),
  );
  expect(missing).toEqual([]);
  expect(Object.keys(BY_FRAMEWORK).filter((framework) => !LANGUAGE[framework])).toEqual([]);
});

test.each(ALL)("$framework: $topic can be parsed", ({ framework, topic, text, file }) => {
  const language = /\.(\w+)$/.exec(file ?? "")?.[1] ?? LANGUAGE[framework] ?? "";
  const program = { js: "node", ts: "node", py: "python3", go: "gofmt", rs: "rustfmt", rb: "ruby" }[language];
  const name = `${framework}-${topic}`;
  if (language === "ts") expect(stripTypeScriptTypes(text.replace(/^@\w+\(.*\)$|^\s+@\w+\(.*\)$/gm, ""))).toBeTruthy();
  else if (program && isHere(program)) PARSERS[language]?.(name, text);
  const family = familyOf(language) ?? "c";
  const { bare } = mask(text, family);
  for (const [open, close] of ["()", "[]", "{}"] as const)
    expect([...bare].filter((char) => char === open)).toHaveLength([...bare].filter((char) => char === close).length);
});

// Strict projects do not compile otherwise: `noUnusedParameters`, and `nodenext` with a package that is no module.
test.each(ALL.filter(({ framework }) => LANGUAGE[framework] === "js" || LANGUAGE[framework] === "ts"))(
  "$framework, $topic: every argument is used, or says by its name that it is not",
  ({ text }) => {
    const names = [...text.matchAll(/\((\w+(?:, \w+)*)\) =>/g)].flatMap(([, list = ""]) => list.split(", "));
    const idle = names.filter(
      (name) => !name.startsWith("_") && text.match(new RegExp(`\\b${name}\\b`, "g"))?.length === 1,
    );
    expect(idle).toEqual([]);
    expect(text).not.toMatch(/^import pinoHttp /m);
  },
);
