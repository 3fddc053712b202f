import { describe, expect, test } from "vitest";
import { lintFile } from "../../lint-file.ts";
import { actionlint } from "../../validators/github-actions.ts";
import { contextOf, judge, mended, validated } from "../testing.ts";
import { GITHUB_ACTIONS_RULES } from "./index.ts";
import { body, CALLED, CLEAN_CI, CLEAN_DEPLOY, job, OTHER, PATH, SHA, steps } from "./testing.ts";

describe("sound workflows", () => {
  test.each([
    ["checks", CLEAN_CI],
    ["a deploy", CLEAN_DEPLOY],
    ["one that others call", CALLED],
  ])("%s: nothing to say", async (_, text) => {
    expect(judge(GITHUB_ACTIONS_RULES, { [PATH]: text })).toEqual([]);
    expect(await validated(actionlint, { [PATH]: text })).toEqual([]);
  });
});

test("one version of an action has one commit in all files", () => {
  const found = judge(GITHUB_ACTIONS_RULES, {
    [PATH]: steps(`- uses: acme/tool@${SHA} # v1.2.3`),
    ".github/workflows/b.yml": steps(`- uses: acme/tool@${OTHER} # v1.2.3`),
    ".github/workflows/c.yml": steps(`- uses: acme/tool@${OTHER} # v1`),
  });
  expect(found.map((line) => line.slice(0, 40))).toEqual([
    "SM20 warning .github/workflows/ci.yml:8 ",
    "SM20 warning .github/workflows/b.yml:8 a",
  ]);
});

describe("fixes", () => {
  test("a job gets its limit, a checkout its option, the token its rights", () => {
    const text = `on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${SHA} # v4.2.2
      - name: deep
        uses: actions/checkout@${SHA} # v4.2.2
        with:
            fetch-depth: 0
      - run: make
`;
    const fixed = mended(GITHUB_ACTIONS_RULES, PATH, text);
    expect(fixed).toBe(`on: push
permissions:
  contents: read

jobs:
  test:
    timeout-minutes: 60
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${SHA} # v4.2.2
        with:
          persist-credentials: false
      - name: deep
        uses: actions/checkout@${SHA} # v4.2.2
        with:
            persist-credentials: false
            fetch-depth: 0
      - run: make
`);
    expect(judge(GITHUB_ACTIONS_RULES, { [PATH]: fixed })).toEqual([]);
  });

  test.each([
    [
      "an unknown action may write",
      steps(`- uses: acme/release@${SHA} # v1.0.0`).replace("permissions: { contents: read }\n", ""),
    ],
    ["a step uses the token", steps("- run: gh release list").replace("permissions: { contents: read }\n", "")],
    ["a step in one line", steps(`- { uses: actions/checkout@${SHA} } # v4.2.2`)],
    ["another step needs git", steps(`- uses: actions/checkout@${SHA} # v4.2.2\n- uses: acme/tool@${SHA} # v1.0.0`)],
  ])("none where it could break something: %s", (_, text) => {
    expect(judge(GITHUB_ACTIONS_RULES, { [PATH]: text })).not.toEqual([]);
    expect(mended(GITHUB_ACTIONS_RULES, PATH, text)).toBe(text);
  });
});

test.each([
  "",
  "a",
  "[]",
  "jobs: 3",
  "jobs:\n  a: 1\n  b: [x]\n  c: { steps: 4 }",
  "on: {}\njobs: { a: { steps: [1, null, { uses: 3 }, { run: [] }] } }",
  "\0\u0001",
  "jobs: &a { x: *a }",
  "on: push\njobs: { a: { if: '${{', steps: [{ run: '${{ a b }} ${{ ((((' }] } }",
])("garbage %j never throws", async (text) => {
  expect(() => judge(GITHUB_ACTIONS_RULES, { [PATH]: text })).not.toThrow();
  await expect(validated(actionlint, { [PATH]: text })).resolves.toBeInstanceOf(Array);
});

describe("composite actions", () => {
  const told = (text: string) => {
    const file = lintFile(".github/actions/setup/action.yml", "github-actions", text);
    return GITHUB_ACTIONS_RULES.flatMap((rule) =>
      rule.check(file, { ...contextOf({}), files: [file] }).map(({ line, message }) => `${rule.id}:${line} ${message}`),
    );
  };

  test("the same rules for their steps", () => {
    const text = `name: setup\nruns:\n  using: composite\n  steps:\n    - run: make ${"${{ inputs.target }}"}\n    - uses: acme/tool@v1\n    - shell: bash\n      run: make\n    - {}\n`;
    expect(told(text)).toEqual([
      expect.stringMatching(/^SM18:5 .*shell: bash/),
      expect.stringMatching(/^SM18:9 .*neither/),
      expect.stringMatching(/^SM20:6 /),
      expect.stringMatching(/^SM22:5 .*text of the caller/),
    ]);
  });

  test("what is no YAML is told, of workflows by their own judge", async () => {
    expect(told("name: [\n")).toEqual([expect.stringMatching(/^SM18:\d+ no YAML/)]);
    expect(judge(GITHUB_ACTIONS_RULES, { [PATH]: "on: [push\njobs:" })).toEqual([]);
    expect(await validated(actionlint, { [PATH]: "on: [push\njobs:" })).toEqual([
      expect.stringMatching(/could not parse as YAML/),
    ]);
  });

  test("actions of other kinds have no steps", async () => {
    expect(told("name: x\nruns:\n  using: node20\n  main: index.js\n")).toEqual([]);
  });
});

describe("actionlint", () => {
  test.each([
    ["an unknown key", steps("- run: make\n  nmae: x"), /^actionlint error .*:9 unexpected key "nmae"/],
    ["an expression that is none", steps("- run: echo ${{ github. }}"), /^actionlint error .*\[expression\]/],
    ["a need that is no job", job(`needs: other\n${body}`), /^actionlint error .*\[job-needs\]/],
  ])("%s", async (_, text, told) => {
    expect((await validated(actionlint, { [PATH]: text }))[0]).toMatch(told);
  });

  test.each([
    ["runners of one's own", job(body.replace("ubuntu-latest", "my-big-runner"))],
    ["newer scopes", job(`permissions: { models: read }\n${body}`)],
    ["text from outside, which SM22 tells", steps("- run: echo ${{ github.head_ref }}")],
  ])("silent about %s", async (_, text) => {
    expect(await validated(actionlint, { [PATH]: text })).toEqual([]);
  });
});
