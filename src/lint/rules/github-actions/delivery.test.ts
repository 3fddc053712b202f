import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { GITHUB_ACTIONS_RULES } from "./index.ts";
import { body, type Case, job, PATH, SHA, steps } from "./testing.ts";

const CASES: readonly Case[] = [
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
  [
    "an identity that nothing asks for",
    job(
      "runs-on: x\ntimeout-minutes: 5\npermissions: { contents: read, id-token: write }\nsteps:\n  - run: npm ci\n  - run: npm test",
    ),
    [/^SM24 warning .*no step of this job logs in/],
  ],
  [
    "an identity that something may ask for",
    job(
      "runs-on: x\ntimeout-minutes: 5\npermissions: { contents: read, id-token: write }\nsteps:\n  - run: npm ci\n  - run: ./release.sh",
    ),
    [],
  ],
  // SM25
  [
    "a deploy by its environment that the next one stops",
    "on: push\npermissions: { contents: read }\nconcurrency: { group: live, cancel-in-progress: true }\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: 5\n    environment: production\n    steps: [{ run: ./go.sh }]\n",
    [/^SM26 warning .*:3 .*stops a deploy in the middle/],
  ],
  [
    "a deploy by what it does",
    job(
      'runs-on: x\ntimeout-minutes: 5\nconcurrency: { group: a, cancel-in-progress: false }\nsteps:\n  - run: fly deploy --remote-only\n    env: { FLY_API_TOKEN: "${{ secrets.FLY_API_TOKEN }}" }',
    ),
    [/^SM25 warning .*reads FLY_API_TOKEN on any branch/],
  ],
  [
    "a deploy by identity without environment",
    job(
      `runs-on: x\ntimeout-minutes: 5\nconcurrency: { group: a, cancel-in-progress: false }\npermissions: { contents: read, id-token: write }\nsteps:\n  - uses: google-github-actions/deploy-cloudrun@${SHA} # v3.0.0`,
    ),
    [/^SM25 warning .*proves who it is on any branch/],
  ],
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
