import { describe, expect, it } from "vitest";
import { toldBy } from "../testing.ts";

const app = { "package.json": "{}", "api/pyproject.toml": "", "api/main.py": "" };

describe("what pipelines show", () => {
  const rows: [name: string, files: Record<string, string>, unit: string, expected: Record<string, unknown>][] = [
    [
      "a workflow of GitHub",
      {
        ".github/workflows/ci.yml": `on: push
jobs:
  test:
    strategy:
      matrix: { node: [18, 20.x, 22] }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: "\${{ matrix.node }}" }
      - run: |
          npm install -g something
          npm ci
          npm run test:e2e
          npm test -- --coverage
      - run: npm run build
`,
      },
      ".",
      {
        runtime: { name: "node", version: "22" },
        packageManager: "npm",
        test: "npm test -- --coverage",
        build: "npm run build",
      },
    ],
    [
      "a folder of a step",
      {
        ".github/workflows/test.yaml":
          "on: push\njobs:\n  a:\n    defaults: { run: { working-directory: ./api } }\n    steps:\n      - uses: actions/setup-python@v5\n        with: { python-version: '3.12' }\n      - run: poetry install\n      - run: poetry run pytest -q\n",
      },
      "api",
      { runtime: { name: "python", version: "3.12" }, packageManager: "poetry", test: "poetry run pytest -q" },
    ],
    [
      "a change of the folder",
      { ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: cd api && python -m pytest\n" },
      "api",
      { test: "python -m pytest" },
    ],
    [
      "GitLab",
      { ".gitlab-ci.yml": "image: node:20\ntest:\n  script:\n    - npm ci\n    - CI=1 npm test\n" },
      ".",
      { runtime: { name: "node", version: "20" }, test: "CI=1 npm test" },
    ],
    [
      "CircleCI",
      {
        ".circleci/config.yml":
          "version: 2.1\njobs:\n  t:\n    docker: [{ image: cimg/node:18.17 }]\n    steps:\n      - checkout\n      - run: yarn install\n      - run: { name: t, command: yarn test }\n",
      },
      ".",
      { runtime: { name: "node", version: "18.17" }, packageManager: "yarn", test: "yarn test" },
    ],
    [
      "Bitbucket",
      {
        "bitbucket-pipelines.yml":
          "image: node:20\npipelines:\n  default:\n    - step:\n        script: [npm ci, npm test]\n",
      },
      ".",
      { test: "npm test", packageManager: "npm" },
    ],
  ];
  it.each(rows)("%s", (_, files, unit, expected) => {
    const found = toldBy({ ...app, ...files })[unit];
    expect(found?.facts).toMatchObject(expected);
    expect(new Set(found?.claims.map(({ source }) => source))).toEqual(new Set(["convention"]));
  });

  const decoys: [name: string, files: Record<string, string>][] = [
    [
      "versions that are computed",
      {
        ".github/workflows/ci.yml":
          "jobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v4\n        with: { node-version: '${{ env.V }}' }\n      - uses: actions/setup-node@v4\n        with: { node-version: lts/* }\n",
      },
    ],
    [
      "tests from end to end alone",
      { ".github/workflows/e2e.yml": "jobs:\n  a:\n    steps:\n      - run: npx playwright test\n" },
    ],
    ["a program", { Jenkinsfile: "pipeline { agent any; stages { stage('t') { steps { sh 'npm test' } } } }" }],
    ["broken", { ".github/workflows/ci.yml": "jobs: [\n  a: {" }],
    [
      "lists where there should be none",
      { ".github/workflows/ci.yml": "jobs:\n  - steps: 1\n", ".gitlab-ci.yml": "- a\n- b\n" },
    ],
    ["a workflow elsewhere", { "docs/.github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - run: npm test\n" }],
  ];
  it.each(decoys)("%s: nothing", (_, files) => {
    expect(Object.values(toldBy({ ...app, ...files })).flatMap(({ claims }) => claims)).toEqual([]);
  });
});
