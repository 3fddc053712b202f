import { describe, expect, test } from "vitest";
import { lintFile } from "../../lint-file.ts";
import { actionlint } from "../../validators/github-actions.ts";
import { contextOf, judge, mended, validated } from "../testing.ts";
import { GITHUB_ACTIONS_RULES } from "./index.ts";

const PATH = ".github/workflows/ci.yml";
const SHA = "11bd71901bbe5b1630ceea73d27597364c9af683";
const OTHER = "49933ea5288caeca8642d1e84afbd3f7d6820020";

const CLEAN_CI = `name: ci
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    strategy:
      matrix:
        node: [22, 24]
    services:
      db:
        image: postgres:17@sha256:4327b9fd295502f326f44153a1045a7170ddbfffed1c3829798328556cfd09e2
    steps:
      - uses: actions/checkout@${SHA} # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-node@${OTHER} # v4.4.0
        with:
          node-version: \${{ matrix.node }}
          cache: npm
      - run: npm ci
      - name: Title
        env:
          TITLE: \${{ github.event.pull_request.title }}
        run: node scripts/title.js "$TITLE" \${{ github.event.pull_request.number }}
      - if: \${{ github.event_name == 'push' && contains(fromJSON('["main"]'), github.ref_name) }}
        run: npm run report
`;

const CLEAN_DEPLOY = `name: deploy
on:
  push:
    branches: [main]
permissions:
  contents: read
concurrency:
  group: production
  cancel-in-progress: false
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: read
      packages: write
    outputs:
      digest: \${{ steps.push.outputs.digest }}
    steps:
      - uses: actions/checkout@${SHA} # v4.2.2
        with:
          persist-credentials: false
      - id: push
        run: ./scripts/push.sh
  deploy:
    needs: build
    runs-on: ubuntu-latest
    timeout-minutes: 20
    environment: production
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: aws-actions/configure-aws-credentials@${OTHER} # v4.2.1
        with:
          role-to-assume: \${{ vars.DEPLOY_ROLE }}
          aws-region: eu-west-1
      - env:
          DIGEST: \${{ needs.build.outputs.digest }}
        run: kubectl set image deployment/web web="ghcr.io/acme/web@$DIGEST"
      - name: Smoke test
        run: curl --fail --retry 5 https://example.org/healthz
      - if: failure()
        run: kubectl rollout undo deployment/web
`;

const CALLED = `on:
  workflow_call:
    inputs:
      environment: { type: string, required: true }
jobs:
  verify:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: echo ok
  nested:
    uses: ./.github/workflows/other.yml
    secrets:
      TOKEN: \${{ secrets.TOKEN }}
`;

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

/** A workflow with one job around some steps. */
function steps(lines: string, on = "push", more = ""): string {
  const indented = lines.replace(/^/gm, "      ").trimEnd();
  return `on: ${on}\npermissions: { contents: read }\n${more}jobs:\n  work:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n${indented}\n`;
}
/** A workflow with a job of some lines. */
function job(lines: string, on = "push"): string {
  return `on: ${on}\npermissions: { contents: read }\njobs:\n  work:\n${lines.replace(/^/gm, "    ").trimEnd()}\n`;
}
const body = "runs-on: ubuntu-latest\ntimeout-minutes: 5\nsteps:\n  - run: make";

const CASES: readonly (readonly [name: string, text: string, told: readonly RegExp[]])[] = [
  // SM18
  ["no YAML", "on: [push\njobs:", [/^SM18 error .*no YAML/]],
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
  // SM24
  [
    "keys of AWS",
    steps(
      `- uses: aws-actions/configure-aws-credentials@${SHA} # v4.0.0\n  with:\n    aws-access-key-id: \${{ secrets.KEY }}\n    aws-secret-access-key: \${{ secrets.SECRET }}`,
    ),
    [/^SM24 warning .*:10 .*role-to-assume/],
  ],
  [
    "keys of AWS as variables",
    steps(
      "- run: aws s3 sync . s3://x\n  env:\n    AWS_ACCESS_KEY_ID: ${{ secrets.KEY }}\n    AWS_SECRET_ACCESS_KEY: ${{ secrets.SECRET }}",
    ),
    [/^SM24 warning .*:11 /],
  ],
  [
    "keys of another store that speaks S3",
    steps(
      "- run: aws s3 sync . s3://x --endpoint-url https://x.r2.cloudflarestorage.com\n  env:\n    AWS_SECRET_ACCESS_KEY: ${{ secrets.SECRET }}",
    ),
    [],
  ],
  ["keys of a test", steps("- run: make test\n  env:\n    AWS_SECRET_ACCESS_KEY: test"), []],
  [
    "a key of Google",
    steps(`- uses: google-github-actions/auth@${SHA} # v2.0.0\n  with: { credentials_json: "\${{ secrets.SA }}" }`),
    [/^SM24 warning .*workload_identity_provider/],
  ],
  [
    "a password of Azure",
    steps(`- uses: azure/login@${SHA} # v2.0.0\n  with: { creds: "\${{ secrets.AZ }}" }`),
    [/^SM24 warning/],
  ],
  [
    "a password of PyPI",
    steps(`- uses: pypa/gh-action-pypi-publish@${SHA} # v1.12.4\n  with: { password: "\${{ secrets.PYPI }}" }`),
    [/^SM24 warning .*trusted/],
  ],
  ["a token of npm", steps('- run: npm publish\n  env: { NODE_AUTH_TOKEN: "${{ secrets.NPM }}" }'), [/^SM24 note/]],
  [
    "a token for another registry",
    steps(
      `- uses: actions/setup-node@${SHA} # v4.4.0\n  with: { registry-url: "https://npm.pkg.github.com" }\n- run: npm publish\n  env: { NODE_AUTH_TOKEN: "\${{ secrets.NPM }}" }`,
    ),
    [],
  ],
  [
    "an identity for all jobs",
    "on: push\npermissions:\n  id-token: write\njobs:\n  a: { runs-on: x, timeout-minutes: 5, steps: [{ run: make }] }\n  b: { runs-on: x, timeout-minutes: 5, steps: [{ run: make }] }\n",
    [/^SM19/, /^SM24 warning .*:3 /],
  ],
  [
    "a role without the identity",
    steps(
      `- uses: aws-actions/configure-aws-credentials@${SHA} # v4.0.0\n  with: { role-to-assume: "arn:aws:iam::1:role/x", aws-region: eu-west-1 }`,
    ),
    [/^SM24 warning .*id-token: write/],
  ],
  // SM25
  ["inherited secrets", job("uses: ./.github/workflows/x.yml\nsecrets: inherit"), [/^SM25 warning .*:6 /]],
  [
    "all secrets as text",
    steps('- run: ./go\n  env: { ALL: "${{ toJSON(secrets) }}" }'),
    [/^SM25 warning .*name those/],
  ],
  [
    "secrets by a computed name",
    steps("- run: ./go\n  env: { ONE: \"${{ secrets[format('{0}_KEY', matrix.x)] }}\" }"),
    [/^SM25 warning/],
  ],
  ["a secret by its name in brackets", steps("- run: ./go\n  env: { ONE: \"${{ secrets['KEY'] }}\" }"), []],
  [
    "a deploy without an environment",
    `on: push\npermissions: { contents: read }\nconcurrency: { group: x }\njobs:\n  deploy:\n    runs-on: x\n    timeout-minutes: 5\n    steps:\n      - run: ./go\n        env: { KEY: "\${{ secrets.KEY }}" }\n`,
    [/^SM25 warning .*:5 .*KEY/],
  ],
  // SM26
  ["checks that are not cancelled", steps("- run: make", "pull_request"), [/^SM26 note .*group:/]],
  [
    "a queue of checks",
    steps("- run: make", "pull_request", 'concurrency: { group: "${{ github.ref }}" }\n'),
    [/^SM26 note .*cancel-in-progress/],
  ],
  [
    "one group for all pull requests",
    steps("- run: make", "pull_request", "concurrency: { group: ci, cancel-in-progress: true }\n"),
    [/^SM26 warning .*share/],
  ],
  [
    "deploys at once",
    "on: push\npermissions: { contents: read }\njobs:\n  deploy:\n    runs-on: x\n    timeout-minutes: 5\n    environment: production\n    steps: [{ run: ./go }]\n",
    [/^SM26 warning .*at once/],
  ],
  [
    "deploys that are cancelled",
    "on: push\npermissions: { contents: read }\nconcurrency:\n  group: p\n  cancel-in-progress: true\njobs:\n  deploy:\n    runs-on: x\n    timeout-minutes: 5\n    environment: production\n    steps: [{ run: ./go }]\n",
    [/^SM26 warning .*:5 .*middle/],
  ],
  // SM27
  [
    "a cache in a release",
    steps(
      `- uses: actions/setup-go@${SHA} # v5.5.0\n- uses: goreleaser/goreleaser-action@${SHA} # v6.0.0`,
      "{ push: { tags: ['v*'] } }",
    ),
    [/^SM27 warning .*cache: false/],
  ],
  [
    "a release without",
    steps(
      `- uses: actions/setup-go@${SHA} # v5.5.0\n  with: { cache: false }\n- run: goreleaser release`,
      "{ push: { tags: ['v*'] } }",
    ),
    [],
  ],
  [
    "a cache in checks",
    steps(`- uses: actions/cache@${SHA} # v4.0.0\n  with: { path: x, key: y }\n- run: npm publish --dry-run`),
    [],
  ],
  [
    "a cache where the artifact is made",
    `on: { release: { types: [published] } }\npermissions: { contents: read }\njobs:\n  build:\n    runs-on: x\n    timeout-minutes: 5\n    steps:\n      - uses: actions/cache@${SHA} # v4.0.0\n      - uses: actions/upload-artifact@${SHA} # v4.0.0\n  publish:\n    needs: [build]\n    runs-on: x\n    timeout-minutes: 5\n    steps:\n      - uses: actions/download-artifact@${SHA} # v4.0.0\n      - run: twine upload dist/*\n`,
    [/^SM27 warning .*:8 /],
  ],
  // SM28
  ["no time limit", job("runs-on: ubuntu-latest\nsteps:\n  - run: make"), [/^SM28 warning .*:4 .*timeout-minutes/]],
  ["limits of all steps", job("runs-on: ubuntu-latest\nsteps:\n  - run: make\n    timeout-minutes: 3"), []],
  ["a called workflow has no limit", job("uses: ./.github/workflows/x.yml"), []],
  [
    "images of a job",
    job(
      `container: node\nservices:\n  a: { image: redis:latest }\n  b: { image: "redis:7.4" }\n  c: { image: "\${{ matrix.db }}" }\n${body}`,
    ),
    [/^SM28 warning .*node is/, /^SM28 warning .*redis:latest/, /^SM28 note .*redis:7.4/],
  ],
  ["an image of a registry with a port", job(`container: { image: "localhost:5000/x" }\n${body}`), [/^SM28 warning/]],
  [
    "text beside the condition",
    job(`if: \${{ github.ref == 'refs/heads/main' }} && success()\n${body}`),
    [/^SM28 error .*true always/],
  ],
  [
    "a line end behind the condition",
    job(`if: |\n  \${{ github.ref == 'refs/heads/main' }}\n${body}`),
    [/^SM28 error .*line end/],
  ],
  ["a bare condition over lines", job(`if: |\n  github.ref == 'refs/heads/main' &&\n  success()\n${body}`), []],
  [
    "a part of a name",
    job(`if: contains('refs/heads/main refs/heads/dev', github.ref)\n${body}`),
    [/^SM28 warning .*fromJSON/],
  ],
  [
    "a part of a text",
    job(`if: contains(github.event.head_commit.message, '[skip]') || contains('a b', matrix.x)\n${body}`),
    [],
  ],
  // SM29
  [
    "the last image that anybody pushed",
    "on: push\npermissions: { contents: read }\nconcurrency: { group: p }\njobs:\n  deploy:\n    runs-on: x\n    timeout-minutes: 5\n    environment: staging\n    steps:\n      - run: kubectl set image deployment/web web=acme/web:latest\n",
    [/^SM29 warning .*acme\/web:latest/],
  ],
  [
    "nobody looks afterwards",
    "on: push\npermissions: { contents: read }\nconcurrency: { group: p }\njobs:\n  deploy:\n    runs-on: x\n    timeout-minutes: 5\n    environment: production\n    steps:\n      - run: kubectl apply -k deploy/k8s\n",
    [/^SM29 note .*smoke test.* and .*goes back/],
  ],
  [
    "what watches and goes back itself",
    "on: push\npermissions: { contents: read }\nconcurrency: { group: p }\njobs:\n  deploy:\n    runs-on: x\n    timeout-minutes: 5\n    environment: production\n    steps:\n      - run: stationmaster deploy production && kubectl apply -f x\n",
    [],
  ],
];

test.each(CASES)("%s", (_, text, told) => {
  const found = judge(GITHUB_ACTIONS_RULES, { [PATH]: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
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
