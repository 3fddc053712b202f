import { expect, test } from "vitest";
import { gitlabSchema } from "../../validators/gitlab.ts";
import { judge, validated } from "../testing.ts";
import { gitlab } from "./gitlab.ts";

const CLEAN = `stages: [build, test, deploy]

include:
  - local: .gitlab/ci/deploy.yml

default:
  image: node:24@sha256:4327b9fd295502f326f44153a1045a7170ddbfffed1c3829798328556cfd09e2
  interruptible: true

variables:
  NODE_ENV: test
  DEPTH: { value: "1", description: how many commits }

.rules: &rules
  - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

.node:
  before_script:
    - npm ci
  cache: { key: { files: [package-lock.json] }, paths: [.npm/] }

build:
  extends: .node
  stage: build
  script:
    - npm run build
    - |
      echo "a: b"
  artifacts: { paths: [dist/], expire_in: 1 day }
  rules: *rules

test:
  extends: [.node]
  stage: test
  needs: [build, { job: build, artifacts: true }]
  script: !reference [.scripts, test]
  parallel: { matrix: [{ DB: [postgres, mysql] }] }
  coverage: '/Lines\\s*:\\s*([\\d.]+)%/'
  retry: { max: 2, when: runner_system_failure }
  rules:
    - !reference [.rules, rules]
    - when: never

.merged:
  - if: $CI_COMMIT_BRANCH
    interruptible: true

package:
  stage: test
  rules: !reference [.merged]
  script: [make]
`;

const DEPLOY = `.deploy:
  stage: deploy
  interruptible: false
  resource_group: $CI_ENVIRONMENT_NAME

deploy-production:
  extends: .deploy
  script: [./deploy.sh]
  environment: { name: production, url: https://example.org }
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: manual

review:
  extends: .deploy
  script: [./deploy.sh]
  environment:
    name: review/$CI_COMMIT_REF_SLUG
    on_stop: stop-review

stop-review:
  script: [./stop.sh]
  when: manual
  environment: { name: review/$CI_COMMIT_REF_SLUG, action: stop }
`;

test("a sound pipeline in two files", async () => {
  const files = { ".gitlab-ci.yml": CLEAN, ".gitlab/ci/deploy.yml": DEPLOY };
  expect(judge([gitlab], files)).toEqual([]);
  expect(await validated(gitlabSchema, files)).toEqual([]);
});

test("inputs stand in a header of their own", async () => {
  const files = { ".gitlab-ci.yml": `spec:\n  inputs:\n    env: { default: x }\n---\n${CLEAN}` };
  expect(judge([gitlab], files)).toEqual([]);
  expect(await validated(gitlabSchema, files)).toEqual([]);
});

const RULES: readonly (readonly [name: string, text: string, told: readonly RegExp[]])[] = [
  [
    "old filters",
    "a:\n  script: x\n  only: [main]\n  except: [tags]\n",
    [/^SM30 warning .*:3 `only`/, /^SM30 warning .*:4 `except`/],
  ],
  [
    "a deploy that nothing serialises",
    "d:\n  script: x\n  environment: staging\n",
    [/^SM30 warning .*:3 .*resource_group: staging/],
  ],
  [
    "production from every branch",
    "d:\n  script: x\n  environment: { name: production }\n  resource_group: p\n",
    [/^SM30 warning .*every branch/],
  ],
  [
    "production by its tier",
    "d:\n  script: x\n  environment: { name: eu, deployment_tier: production }\n  resource_group: p\n",
    [/every branch/],
  ],
  ["production by hand", "d:\n  script: x\n  environment: production\n  resource_group: p\n  when: manual\n", []],
  [
    "production limited for all jobs",
    "workflow: { rules: [{ if: $CI_COMMIT_TAG }] }\nd:\n  script: x\n  environment: production\n  resource_group: p\n",
    [],
  ],
  [
    "a deploy that is cancelled",
    "default: { interruptible: true }\nd:\n  script: x\n  environment: staging\n  resource_group: p\n",
    [/^SM30 warning .*stops this deploy/],
  ],
  [
    "checks that run to their end",
    "stages: [test]\na:\n  script: x\nb:\n  script: y\n",
    [/^SM30 note .*:2 .*interruptible/],
  ],
  [
    "a deploy that GitLab does not know as one",
    "deploy-api:\n  script: ./deploy.sh\n  rules: [{ if: $CI_COMMIT_TAG }]\n",
    [/^SM30 warning .*:1 this deploy has no `environment:`/],
  ],
  ["a job that only tests a deploy", "deploy-test:\n  script: x\n", []],
  ["what is included may say more", "include: x.yml\nstages: [test]\na:\n  script: x\n", []],
  ["a template of elsewhere may say more", "d:\n  extends: .elsewhere\n  script: x\n  environment: production\n", []],
];

test.each(RULES)("%s", (_, text, told) => {
  const found = judge([gitlab], { ".gitlab-ci.yml": text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});

const FORMS: readonly (readonly [name: string, text: string, told: readonly RegExp[]])[] = [
  [
    "a line that YAML reads as a mapping",
    'a:\n  script:\n    - echo "x": y\n',
    [/^gitlab-schema error .*script.*a text, or a list of texts/],
  ],
  ["no script", "a:\n  stage: test\n", [/:1 .*does nothing/]],
  ["a stage that is none", "stages: [build]\na:\n  stage: tset\n  script: x\n", [/:3 stage `tset`/]],
  ["a job that is not there", "a:\n  script: x\n  needs: [b]\n", [/:3 no job `b` is here to wait for/]],
  ["a need that may be missing", "a:\n  script: x\n  needs: [{ job: b, optional: true }]\n", []],
  ["a template that is not there", "a:\n  extends: .b\n  script: x\n", [/:2 no job `\.b`/]],
  ["rules beside filters", "a:\n  script: x\n  only: [main]\n  rules: [{ if: $A }]\n", [/cannot stand beside/]],
  ["a word that is none", "a:\n  script: x\n  when: manuall\n", [/one of on_success/]],
  ["an unknown key", "a:\n  script: x\n  scirpt: y\n", [/^gitlab-schema warning .*:3 unknown key `scirpt`/]],
  ["too many retries", "a:\n  script: x\n  retry: 5\n", [/0, 1 or 2/]],
  ["a coverage without slashes", "a:\n  script: x\n  coverage: '[0-9]+'\n", [/between slashes/]],
  ["stages of a reference", "stages: [!reference [.s, all]]\na:\n  stage: x\n  script: x\n", []],
  ["names that inputs fill in", 'a:\n  script: x\n  stage: $[[ inputs.stage ]]\n  needs: ["$[[ inputs.job ]]"]\n', []],
  ["hidden jobs hold anything", ".x:\n  whatever: [1]\na:\n  script: x\n", []],
];

test.each(FORMS)("%s", async (_, text, told) => {
  const found = await validated(gitlabSchema, { ".gitlab-ci.yml": text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});

test.each([
  "",
  "1",
  "[]",
  "a: 1",
  "a: { extends: a }",
  "a: { extends: b }\nb: { extends: a }",
  "default: 3\nstages: x\nworkflow: []",
  "a: { needs: 3, environment: [1], rules: x }",
  "\0",
])("garbage %j never throws", async (text) => {
  expect(() => judge([gitlab], { ".gitlab-ci.yml": text })).not.toThrow();
  await expect(validated(gitlabSchema, { ".gitlab-ci.yml": text })).resolves.toBeInstanceOf(Array);
});
