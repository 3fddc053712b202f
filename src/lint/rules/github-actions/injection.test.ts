import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { GITHUB_ACTIONS_RULES } from "./index.ts";
import { type Case, job, PATH, SHA, steps } from "./testing.ts";

const CASES: readonly Case[] = [
  // SM22
  [
    "a title in a script",
    steps("- run: |\n    echo hi\n    echo ${{ github.event.issue.title }}"),
    [/^SM22 error .*:10 .*anybody/],
  ],
  [
    "a branch name by another way",
    steps("- run: git diff ${{ github.head_ref || github.ref_name }}"),
    [/^SM22 error .*head_ref/],
  ],
  ["all of the event", steps("- run: echo '${{ toJSON(github.event) }}'"), [/^SM22 error/]],
  [
    "an index",
    steps("- run: echo ${{ github.event.commits[0].message }} ${{ github['event']['comment']['body'] }}"),
    [/^SM22 error/, /^SM22 error/],
  ],
  [
    "a variable that is such a text",
    steps("- env:\n    T: ${{ github.event.comment.body }}\n  run: echo ${{ env.T }}"),
    [/^SM22 error .*env\.T/],
  ],
  ["a variable of the shell", steps('- env:\n    T: ${{ github.event.comment.body }}\n  run: echo "$T"'), []],
  [
    "numbers, hashes, names of accounts",
    steps(
      "- run: echo ${{ github.event.pull_request.number }} ${{ github.event.pull_request.head.sha }} ${{ github.event.sender.login }}",
    ),
    [],
  ],
  [
    "a comparison",
    steps(
      "- run: echo ${{ github.event.issue.title == 'x' }} ${{ contains(github.event.comment.body, '/go') && 'yes' || 'no' }}",
    ),
    [],
  ],
  ["format hands on", steps("- run: echo ${{ format('{0}', github.event.pull_request.body) }}"), [/^SM22 error/]],
  [
    "text of a script action",
    steps(
      `- uses: actions/github-script@${SHA} # v7.0.1\n  with:\n    script: |\n      console.log("\${{ github.event.issue.body }}")`,
    ),
    [/^SM22 error .*:11 /],
  ],
  [
    "another input of an action",
    steps(`- uses: acme/label@${SHA} # v1.0.0\n  with: { title: "\${{ github.event.issue.title }}" }`),
    [],
  ],
  [
    "a free input",
    steps("- run: ./go ${{ inputs.name }}", "{ workflow_dispatch: { inputs: { name: { type: string } } } }"),
    [/^SM22 note/],
  ],
  [
    "a chosen input",
    steps(
      "- run: ./go ${{ inputs.name }}",
      "{ workflow_dispatch: { inputs: { name: { type: choice, options: [a] } } } }",
    ),
    [],
  ],
  [
    "an input of a caller",
    steps("- run: ./go ${{ inputs.name }}", "{ workflow_call: { inputs: { name: { type: string } } } }"),
    [/^SM22 warning .*caller/],
  ],
  [
    "names of changed files",
    steps(
      `- id: f\n  uses: tj-actions/changed-files@${SHA} # v46.0.1\n- run: lint \${{ steps.f.outputs.all_changed_files }}`,
    ),
    [/^SM22 warning .*names of files/],
  ],
  [
    "text into the environment",
    steps('- env:\n    T: ${{ github.event.issue.title }}\n  run: echo "TITLE=$T" >> $GITHUB_ENV'),
    [/^SM22 error .*later steps/],
  ],
  ["own words into the environment", steps('- run: echo "NODE_ENV=test" >> "$GITHUB_ENV"'), []],
  [
    "a file of an artifact into the environment",
    steps('- run: echo "PR=$(cat pr.txt)" >> "$GITHUB_ENV"', "workflow_run"),
    [/^SM22 error/],
  ],
  ["the same for a push", steps('- run: echo "V=$(cat VERSION)" >> "$GITHUB_ENV"'), []],
  [
    "commands in any output",
    steps("- env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }\n  run: make"),
    [/^SM22 error .*ACTIONS_ALLOW/],
  ],
  // SM23
  [
    "code of the pull request with secrets",
    steps(
      `- uses: actions/checkout@${SHA} # v4.2.2\n  with:\n    ref: \${{ github.event.pull_request.head.sha }}\n    persist-credentials: false`,
      "pull_request_target",
    ),
    [/^SM23 error .*:10 /],
  ],
  [
    "by its merge ref",
    steps(
      `- uses: actions/checkout@${SHA} # v4.2.2\n  with:\n    ref: refs/pull/\${{ github.event.number }}/merge\n    persist-credentials: false`,
      "[pull_request_target]",
    ),
    [/^SM23 error/],
  ],
  ["by a script", steps("- run: gh pr checkout 5", "pull_request_target"), [/^SM23 error/]],
  [
    "of its own repository only",
    job(
      `if: github.event.pull_request.head.repo.full_name == github.repository\nruns-on: x\ntimeout-minutes: 5\nsteps:\n  - uses: actions/checkout@${SHA} # v4.2.2\n    with: { ref: "\${{ github.head_ref }}", persist-credentials: false }`,
      "pull_request_target",
    ),
    [],
  ],
  ["a label workflow without a checkout", steps(`- uses: actions/labeler@${SHA} # v5.0.0`, "pull_request_target"), []],
  [
    "the head of another run",
    steps(
      `- uses: actions/checkout@${SHA} # v4.2.2\n  with: { ref: "\${{ github.event.workflow_run.head_sha }}", persist-credentials: false }`,
      "{ workflow_run: { workflows: [ci] } }",
    ),
    [/^SM23 error/],
  ],
  [
    "a preview that forks cannot have",
    `on: pull_request\npermissions: { contents: read }\nconcurrency: { group: "\${{ github.ref }}", cancel-in-progress: true }\njobs:\n  preview:\n    runs-on: x\n    timeout-minutes: 5\n    steps:\n      - run: ./preview\n        env: { TOKEN: "\${{ secrets.TOKEN }}" }\n`,
    [/^SM23 warning .*forks/],
  ],
];

test.each(CASES)("%s", (_, text, told) => {
  const found = judge(GITHUB_ACTIONS_RULES, { [PATH]: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});
