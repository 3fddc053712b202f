import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { GITHUB_ACTIONS_RULES } from "./index.ts";
import { body, type Case, job, PATH, SHA, steps } from "./testing.ts";

const CASES: readonly Case[] = [
  // SM19
  [
    "no rights named",
    "on: push\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: 5\n    steps: [{ run: make }]\n",
    [/^SM19 warning .*:2 .*permissions: \{ contents: read \}/],
  ],
  [
    "every right",
    `on: push\npermissions: write-all\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: 5\n    steps: [{ run: make }]\n`,
    [/^SM19 warning .*:2 .*write-all/],
  ],
  ["every right in a job", job(`permissions: write-all\n${body}`), [/^SM19 warning .*:5 .*write-all/]],
  [
    "read-all",
    "on: push\npermissions: read-all\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: 5\n    steps: [{ run: make }]\n",
    [/^SM19 note/],
  ],
  [
    "a write right for all of several jobs",
    "on: push\npermissions:\n  packages: write\njobs:\n  a: { runs-on: x, timeout-minutes: 5, steps: [{ run: make }] }\n  b: { runs-on: x, timeout-minutes: 5, steps: [{ run: make }] }\n",
    [/^SM19 warning .*:3 .*packages: write/],
  ],
  [
    "rights in the only job",
    "on: push\njobs:\n  a:\n    permissions: { contents: read }\n    runs-on: x\n    timeout-minutes: 5\n    steps: [{ run: make }]\n",
    [],
  ],
  // SM20
  ["a tag of GitHub", steps("- uses: actions/cache@v4"), [/^SM20 note .*tag v4/]],
  ["a tag of others", steps("- uses: acme/tool@v1"), [/^SM20 warning .*:8 .*pin the commit, with `# v1`/]],
  ["a branch", steps("- uses: acme/tool@main"), [/^SM20 warning .*branch or tag main/]],
  ["a short commit", steps("- uses: acme/tool@11bd719"), [/^SM20 warning .*short commit/]],
  ["no version at all", steps("- uses: acme/tool"), [/^SM20 error/]],
  ["a commit without its version", steps(`- uses: acme/tool@${SHA}`), [/^SM20 note .*version behind/]],
  ["a commit with its version", steps(`- uses: acme/tool/sub@${SHA} # tag=v1.2.3`), []],
  ["an image by tag", steps("- uses: docker://alpine:3.20"), [/^SM20 warning .*digest/]],
  [
    "an image by digest",
    steps("- uses: docker://alpine:3.20@sha256:4327b9fd295502f326f44153a1045a7170ddbfffed1c3829798328556cfd09e2"),
    [],
  ],
  ["an action of the repository", steps("- uses: ./.github/actions/setup"), []],
  ["a called workflow by branch", job("uses: acme/flows/.github/workflows/build.yml@main"), [/^SM20 warning/]],
  // SM21
  ["a checkout that keeps the token", steps(`- uses: actions/checkout@${SHA} # v4.2.2`), [/^SM21 warning .*:8 /]],
  [
    "a checkout that says so",
    steps(`- uses: actions/checkout@${SHA} # v4.2.2\n  with: { persist-credentials: true }`),
    [],
  ],
  [
    "a job that pushes",
    steps(`- uses: actions/checkout@${SHA} # v4.2.2\n- run: |\n    git commit -am x\n    git push`),
    [],
  ],
  [
    "a job whose action pushes",
    steps(`- uses: actions/checkout@${SHA} # v4.2.2\n- uses: stefanzweifel/git-auto-commit-action@${SHA} # v5.0.0`),
    [],
  ],
];

test.each(CASES)("%s", (_, text, told) => {
  const found = judge(GITHUB_ACTIONS_RULES, { [PATH]: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});
