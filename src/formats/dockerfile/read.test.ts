import { describe, expect, it } from "vitest";
import type { DockerfileInstruction } from "./instruction.ts";
import { readDockerfile } from "./read.ts";

const last = (text: string): DockerfileInstruction => {
  const found = readDockerfile(text).stages.at(-1)?.instructions.at(-1);
  if (!found) throw new Error("nothing read");
  return found;
};

describe("instructions", () => {
  const rows: [name: string, text: string, expected: Partial<DockerfileInstruction>][] = [
    ["exec form", 'CMD ["node", "server.js"]', { exec: ["node", "server.js"], words: ["node", "server.js"] }],
    ["exec form over lines", 'CMD ["node", \\\n  "server.js"]', { exec: ["node", "server.js"], line: 2, endLine: 3 }],
    ["quotes in exec form", 'CMD ["sh", "-c", "echo \\"hi\\""]', { exec: ["sh", "-c", 'echo "hi"'] }],
    ["single quotes are no exec form", "CMD ['node', 'a.js']", { exec: null, words: ["['node',", "'a.js']"] }],
    ["shell form", "cmd npm start", { keyword: "CMD", exec: null, argument: "npm start" }],
    ["comments and blank lines in a command", "RUN a && \\\n  # why\n\n  b", { argument: "a &&   b", endLine: 5 }],
    [
      "flags",
      "COPY --from=build --link /a /b",
      {
        flags: [
          { name: "from", value: "build" },
          { name: "link", value: null },
        ],
        words: ["/a", "/b"],
      },
    ],
    [
      "pairs",
      'ENV A=1 B="x y"\n',
      {
        pairs: [
          { name: "A", value: "1", line: 2 },
          { name: "B", value: "x y", line: 2 },
        ],
      },
    ],
    ["old pair", "ENV A some words", { pairs: [{ name: "A", value: "some words", line: 2 }] }],
    [
      "pairs over lines",
      "ENV A=1 \\\n    B=2",
      {
        pairs: [
          { name: "A", value: "1", line: 2 },
          { name: "B", value: "2", line: 3 },
        ],
      },
    ],
    [
      "here-document",
      "RUN <<EOF bash\nset -e\nFROM nothing\nEOF\n",
      { argument: "<<EOF bash", heredocs: [{ name: "EOF", text: "set -e\nFROM nothing" }], endLine: 5 },
    ],
    [
      "two here-documents",
      "COPY <<a <<b /to/\n1\na\n2\nb\n",
      {
        heredocs: [
          { name: "a", text: "1" },
          { name: "b", text: "2" },
        ],
      },
    ],
    [
      "health check",
      "HEALTHCHECK --interval=5s CMD curl -f http://localhost/",
      { flags: [{ name: "interval", value: "5s" }], argument: "CMD curl -f http://localhost/" },
    ],
  ];
  it.each(rows)("%s", (_, text, expected) => {
    expect(last(`FROM scratch\n${text}`)).toMatchObject(expected);
  });

  it("tells where they stand", () => {
    const text = "FROM a\nRUN b \\\n  c\nCMD d\n";
    const { stages } = readDockerfile(text);
    expect(stages[0]?.instructions.map(({ start, end }) => text.slice(start, end))).toEqual(["RUN b \\\n  c", "CMD d"]);
  });
});

describe("stages", () => {
  it("have names, images, what they build on, and their variables", () => {
    const { stages, args } = readDockerfile(
      [
        "ARG NODE=20",
        "FROM --platform=$BUILDPLATFORM node:${NODE}-alpine AS base",
        "ENV DIR=/app PORT=3000",
        "FROM base as Build",
        "ARG NODE",
        "ENV AT=${DIR}/src",
        "RUN echo $NODE",
        "FROM ${OTHER:-nginx}:1",
      ].join("\n"),
    );
    expect(args.map(({ pairs }) => pairs[0]?.name)).toEqual(["NODE"]);
    expect(stages).toMatchObject([
      { index: 0, name: "base", image: "node:20-alpine", base: null, platform: "$BUILDPLATFORM", line: 2 },
      { index: 1, name: "Build", image: "base", base: 0, env: { DIR: "/app", PORT: "3000", AT: "/app/src" } },
      { index: 2, name: null, image: "nginx:1", base: null, env: {} },
    ]);
    expect(stages[1]?.instructions.at(-1)?.expanded).toBe("echo 20");
    expect(stages[1]?.env).not.toHaveProperty("NODE");
  });
  const variables: [text: string, expected: string][] = [
    ["EXPOSE $PORT", "3000"],
    ["EXPOSE ${PORT}/tcp", "3000/tcp"],
    ["EXPOSE ${NONE:-80}", "80"],
    ["EXPOSE ${EMPTY:-80}", "80"],
    ["EXPOSE ${EMPTY-80}", ""],
    ["EXPOSE ${PORT:+81}", "81"],
    ["EXPOSE $UNKNOWN", "$UNKNOWN"],
    ["EXPOSE \\$PORT", "\\$PORT"],
    ["EXPOSE ${NOVALUE}", "${NOVALUE}"],
  ];
  it.each(variables)("%s is %s", (text, expected) => {
    expect(last(`FROM a\nARG NOVALUE\nENV PORT=3000 EMPTY=""\n${text}`).expanded).toBe(expected);
  });
});

describe("bad files", () => {
  const rows: [name: string, text: string, problem: RegExp][] = [
    ["empty", "", /no FROM/],
    ["comments only", "# FROM node\n", /no FROM/],
    ["unknown instruction", "FROM a\nFROB x", /unknown instruction FROB/],
    ["instruction before FROM", "RUN a\nFROM b", /RUN before the first FROM/],
    ["FROM without image", "FROM\nRUN a", /FROM says nothing/],
    ["unfinished here-document", "FROM a\nRUN <<EOF\nb", /^$/],
    ["unfinished list", 'FROM a\nCMD ["a", ', /^$/],
    ["binary", "\u0000\u0001\uFFFD", /unknown instruction|no FROM/],
    ["a template", "{{ if .Values }}\nFROM a\n{{ end }}", /unknown instruction/],
  ];
  it.each(rows)("%s", (_, text, problem) => {
    expect(readDockerfile(text).problems[0]?.message ?? "").toMatch(problem);
  });

  it("takes a mark, CRLF and the other escape character", () => {
    const document = readDockerfile("\uFEFF# escape=`\r\nFROM a\r\nRUN b `\r\n  c\r\n");
    const { directives, stages } = document;
    expect(document.escape).toBe("`");
    expect(directives).toEqual({ escape: "`" });
    expect(stages[0]?.instructions[0]).toMatchObject({ words: ["b", "c"], line: 3, endLine: 4 });
  });
});
