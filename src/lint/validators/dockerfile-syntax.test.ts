import { expect, it } from "vitest";
import { validated } from "../rules/testing.ts";
import { dockerfileSyntax } from "./dockerfile-syntax.ts";

const rows: [name: string, text: string, expected: RegExp[]][] = [
  [
    "what newer builders take",
    "# syntax=docker/dockerfile:1.7\nARG BASE\nFROM ${BASE} AS a\nCOPY --parents --exclude=*.md a b .\nADD --checksum=sha256:1 https://x.example/a /a\nRUN --network=none <<EOF\na\nEOF\nHEALTHCHECK --start-interval=1s CMD a",
    [],
  ],
  ["another frontend", "# syntax=acme/dockerfile:2\nFROM a\nINCLUDE b", []],
  ["small letters, MAINTAINER, several commands", "from a\nmaintainer me\ncmd a\ncmd b", []],
  ["an unknown instruction", "FROM a\nFORM b", [/:2 Unknown instruction: FORM/]],
  ["too few arguments", "FROM a\nCOPY b", [/:2 COPY requires/]],
  ["a port that is none", "FROM a\nEXPOSE http", [/:2 Invalid containerPort/]],
  ["several files into a name", "FROM a\nCOPY b c /d", [/warning Dockerfile:2 When using COPY/]],
  ["nothing", "", [/no source image/i]],
  [
    "what the judge itself fails at",
    " HEALTHCHECK CMD CMD [$(\nHEALTHCHECK CMD `\nRUN <<EOF\n",
    [/HEALTHCHECK before the first FROM/, /HEALTHCHECK before/, /RUN before/, /no FROM/],
  ],
];
it.each(rows)("%s", async (_, text, expected) => {
  const found = await validated(dockerfileSyntax, { Dockerfile: text });
  expect(found).toHaveLength(expected.length);
  for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
});
