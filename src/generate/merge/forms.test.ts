import { describe, expect, test } from "vitest";
import { mergeTexts } from "./merge.ts";

describe("what both sides did to one file", () => {
  test.each<[string, string, { base: string; current: string; next: string }, string]>([
    [
      "Dockerfile",
      "a line below one that the plan changes",
      {
        base: "FROM node:22@sha256:aa\nWORKDIR /app\n",
        current: "FROM node:22@sha256:aa\nRUN apk add git\nWORKDIR /app\n",
        next: "FROM node:22@sha256:bb\nWORKDIR /app\n",
      },
      "FROM node:22@sha256:bb\nRUN apk add git\nWORKDIR /app\n",
    ],
    [
      "Dockerfile",
      "other words of one line",
      {
        base: 'CMD ["sh", "-c", "exec gunicorn app:app --bind 0.0.0.0:${PORT:-8000}"]\n',
        current: 'CMD ["sh", "-c", "exec gunicorn app:app --workers 4 --bind 0.0.0.0:${PORT:-8000}"]\n',
        next: 'CMD ["sh", "-c", "exec gunicorn app:app --bind 0.0.0.0:${PORT:-9000}"]\n',
      },
      'CMD ["sh", "-c", "exec gunicorn app:app --workers 4 --bind 0.0.0.0:${PORT:-9000}"]\n',
    ],
    [
      ".dockerignore",
      "names at the end of both",
      { base: "a\n", current: "a\nmine\n", next: "a\nours\n" },
      "a\nours\nmine\n",
    ],
    [
      "compose.yaml",
      "services in another order",
      {
        base: "services:\n  a:\n    image: one\n  b:\n    image: two\n",
        current: "services:\n  b:\n    image: two\n  a:\n    image: one\n",
        next: "services:\n  a:\n    image: new\n  b:\n    image: two\n  c:\n    image: three\n",
      },
      "services:\n  b:\n    image: two\n  c:\n    image: three\n  a:\n    image: new\n",
    ],
    [
      "compose.yaml",
      "a comment that stands where the plan changes the list",
      {
        base: 'ports:\n  - "3000"\n  - "9229"\n',
        current: 'ports:\n  # the balancer asks here\n  - "3000"\n',
        next: 'ports:\n  - "4000"\n  - "9229"\n',
      },
      'ports:\n  # the balancer asks here\n  - "4000"\n',
    ],
    [
      ".github/workflows/ci.yml",
      "steps with and without names",
      {
        base: "steps:\n  - uses: a/checkout@1\n  - name: Test\n    run: t\n",
        current: "steps:\n  - name: Lint\n    run: l\n  - uses: a/checkout@1\n  - name: Test\n    run: t --all\n",
        next: "steps:\n  - uses: a/checkout@2\n  - name: Test\n    run: t\n    timeout-minutes: 5\n  - name: Build\n    run: b\n",
      },
      "steps:\n  - name: Lint\n    run: l\n  - uses: a/checkout@2\n  - name: Test\n    run: t --all\n    timeout-minutes: 5\n  - name: Build\n    run: b\n",
    ],
    [
      ".env.example",
      "a sample, a comment, a variable of their own",
      {
        base: "# Settings\n\n# api; required\nLOG_LEVEL=\n",
        current: "# Settings\n\n# one of debug, info\n# api; required\nLOG_LEVEL=debug\nOWN=1\n",
        next: "# Settings\n\n# api; required\nAPI_HOST=\n# api; optional\nLOG_LEVEL=info\n",
      },
      "# Settings\n\n# api; required\nAPI_HOST=\n# one of debug, info\n# api; optional\nLOG_LEVEL=debug\nOWN=1\n",
    ],
    [
      "vercel.json",
      "keys beside each other",
      {
        base: '{\n  "buildCommand": "npm run build"\n}\n',
        current: '{\n  "buildCommand": "npm run build",\n  "cleanUrls": true\n}\n',
        next: '{\n  "buildCommand": "npm run build",\n  "crons": []\n}\n',
      },
      '{\n  "buildCommand": "npm run build",\n  "crons": [],\n  "cleanUrls": true\n}\n',
    ],
  ])("%s: %s", (path, _, texts, merged) => {
    expect(mergeTexts(path, texts)).toEqual({ text: merged, conflicts: [] });
  });

  test.each<[string, string, { base: string; current: string; next: string }]>([
    [
      "Dockerfile",
      "half of an image's name is no image",
      { base: "FROM node:22@sha256:aa\n", current: "FROM node:24@sha256:aa\n", next: "FROM node:22@sha256:bb\n" },
    ],
    [
      "Dockerfile",
      "a part that a person took out and the plan changed",
      { base: "A 1\nB 1\nC 1\nD 1\n", current: "A 1\nD 1\n", next: "A 1\nB 2\nC 1\nD 1\n" },
    ],
    ["compose.yaml", "one value", { base: "a: 1\n", current: "a: 2\n", next: "a: 3\n" }],
    [
      "compose.yaml",
      "a service that a person changed and the plan dropped",
      {
        base: "services:\n  a:\n    x: 1\n  b:\n    x: 1\n",
        current: "services:\n  a:\n    x: 2\n  b:\n    x: 1\n",
        next: "services:\n  b:\n    x: 1\n",
      },
    ],
    [
      ".env.example",
      "a variable with a sample that nothing reads any more",
      { base: "# api\nA=\n", current: "# api\nA=7\n", next: "# nothing\n" },
    ],
  ])("%s: %s is for a person to decide; theirs stays", (path, _, texts) => {
    const { text, conflicts } = mergeTexts(path, texts);
    expect(conflicts).not.toEqual([]);
    for (const line of texts.current.trim().split("\n")) expect(text).toContain(line);
  });

  const REST = ["A 1\nB 1\nC 1\n", "A mine\nB 1\nC 1\n", "A ours\nB 1\nC 2\n"] as const;
  test.each([
    "Dockerfile",
    "api/Dockerfile.worker",
    "start.sh",
    ".railway/railway.ts",
    "infra/aws/main.tf",
    "Jenkinsfile",
  ])("%s: with a conflict the file stays as a whole: half of a change may break it", (path) => {
    const [base, current, next] = REST;
    expect(mergeTexts(path, { base, current, next })).toEqual({ text: current, conflicts: ["line 1"] });
  });

  test.each<[string, string, string, string, string]>([
    [".dockerignore", "a 1\nb\n", "a mine\nb\n", "a ours\nb\nc\n", "a mine\nb\nc\n"],
    ["compose.yaml", "a: 1\nb: 1\n", "a: 2\nb: 1\n", "a: 3\nb: 2\n", "a: 2\nb: 2\n"],
  ])("%s: entries stand alone, so the others are merged", (path, base, current, next, text) => {
    const merged = mergeTexts(path, { base, current, next });
    expect(merged.text).toBe(text);
    expect(merged.conflicts).toHaveLength(1);
  });
});
