import { expect, test } from "vitest";
import { jenkinsfile } from "../../validators/jenkins.ts";
import { judge, validated } from "../testing.ts";
import { jenkins } from "./jenkins.ts";

const CLEAN = `#!/usr/bin/env groovy
@Library('shared@v2') _

/* pipeline { decoy } */
pipeline {
  agent { docker { image 'node:24' } }
  options {
    timeout(time: 30, unit: 'MINUTES')
    disableConcurrentBuilds(abortPrevious: true)
    buildDiscarder(logRotator(numToKeepStr: '20'))
  }
  environment {
    REGISTRY = 'ghcr.io/acme'
    TOKEN = credentials('registry-token')
    REGISTRY_TOKEN_FILE = '/run/token'
  }
  stages {
    stage('Build') {
      steps {
        sh 'npm ci && npm run build' // it's quick {
        sh """
          echo "building \${env.BUILD_NUMBER} for \\$TOKEN"
        """
        sh 'curl -H "Authorization: $TOKEN" https://example.org'
      }
    }
    stage('Checks') {
      parallel {
        stage('Unit') { steps { sh "npm test -- --shard=\${params.SHARD}" } }
        stage("Lint \${env.NODE_NAME}") {
          steps {
            script {
              if (env.BRANCH_NAME =~ /it's|"release"/) { echo $/it's "so" {/$ }
            }
          }
        }
      }
    }
    stage('Deploy') {
      when { branch 'main' }
      steps {
        withCredentials([usernamePassword(credentialsId: 'x', usernameVariable: 'U', passwordVariable: 'P')]) {
          sh './deploy.sh -u "$U" -p "$P"'
          echo "as \${U}"
        }
      }
      post { failure { echo 'back' } }
    }
  }
  post {
    always { cleanWs() }
  }
}
`;

test("a sound pipeline", async () => {
  expect(judge([jenkins], { Jenkinsfile: CLEAN })).toEqual([]);
  expect(await validated(jenkinsfile, { Jenkinsfile: CLEAN })).toEqual([]);
});

test("a call of a shared library is all there is", async () => {
  const files = {
    Jenkinsfile:
      "@Library('pipelines') _\nbuildPlugin(useContainerAgent: true, configurations: [[platform: 'linux', jdk: 21]])\n",
  };
  expect(judge([jenkins], files)).toEqual([]);
  expect(await validated(jenkinsfile, files)).toEqual([]);
});

const RULES: readonly (readonly [name: string, from: string | RegExp, to: string, told: readonly RegExp[]])[] = [
  [
    "no limits",
    / {2}options \{[\s\S]*?\n {2}\}\n/,
    "",
    [/^SM31 warning Jenkinsfile:5 .*timeout.*disableConcurrentBuilds.*buildDiscarder/],
  ],
  ["no time limit", / {4}timeout.*\n/, "", [/^SM31 warning Jenkinsfile:7 .*timeout/]],
  [
    "a limit around the steps",
    / {4}timeout.*\n([\s\S]*?)sh 'npm ci/,
    "$1timeout(time: 5) { sh 'true' }\n        sh 'npm ci",
    [],
  ],
  [
    "a secret of credentials() in a command",
    "'curl -H \"Authorization: $TOKEN\" https://example.org'",
    '"curl -H $TOKEN https://example.org"',
    [/^SM31 error Jenkinsfile:24 .*TOKEN.*single quotes/],
  ],
  [
    "a secret of a binding in a command",
    `'./deploy.sh -u "$U" -p "$P"'`,
    '"./deploy.sh -p ${P}"',
    [/^SM31 error .* P into/],
  ],
  [
    "the same with script:",
    `sh './deploy.sh -u "$U" -p "$P"'`,
    'sh(returnStdout: true, script: "./deploy.sh -p ${env.P}")',
    [/^SM31 error .* P into/],
  ],
  [
    "a secret in plain text",
    "REGISTRY = 'ghcr.io/acme'",
    "REGISTRY_PASSWORD = 'h7Gk2pQ9xVw4'",
    [/^SM31 error .*REGISTRY_PASSWORD.*credentials/],
  ],
];

test.each(RULES)("%s", (_, from, to, told) => {
  const text = CLEAN.replace(from, () => to.replace("$1", () => new RegExp(from).exec(CLEAN)?.[1] ?? ""));
  expect(text).not.toBe(CLEAN);
  const found = judge([jenkins], { Jenkinsfile: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});

test("a scripted pipeline", async () => {
  const files = { "ci/Jenkinsfile.nightly": "node('linux') {\n  stage('Build') { sh 'make' }\n}\n" };
  expect(judge([jenkins], files)).toEqual([expect.stringMatching(/^SM31 note .*:1 .*scripted/)]);
  expect(await validated(jenkinsfile, files)).toEqual([]);
});

const FORMS: readonly (readonly [name: string, from: string | RegExp, to: string, told: RegExp])[] = [
  ["a brace too few", /\}\n$/, "", /`\{` is not closed/],
  ["a brace too many", /$/, "}\n", /closes nothing/],
  ["an open text", "'node:24'", "'node:24", /:6 a text in quotes is not closed/],
  ["no agent", "  agent { docker { image 'node:24' } }\n", "", /needs an `agent`/],
  [
    "a stage without steps",
    / {2}when \{ branch 'main' \}\n {6}steps \{[\s\S]*?\n {6}\}\n {6}post/,
    "post",
    /stage 'Deploy' needs one of steps/,
  ],
  [
    "steps outside of a stage",
    "    stage('Checks') {",
    "    steps { sh 'x' }\n    stage('Checks') {",
    /`steps` stands where a `stage` belongs/,
  ],
  ["a step at the top", "  post {\n", "  sleep { x() }\n  post {\n", /`sleep` is no section/],
  ["a condition that is none", "    always {", "    allways {", /`allways` is no condition/],
  ["a stage without a name", "stage('Build')", "stage()", /needs a name/],
];

test.each(FORMS)("%s", async (_, from, to, told) => {
  const text = CLEAN.replace(from, to);
  expect(text).not.toBe(CLEAN);
  expect(await validated(jenkinsfile, { Jenkinsfile: text })).toContainEqual(expect.stringMatching(told));
});

test.each([
  "",
  "pipeline",
  "pipeline {",
  "}}}}",
  "'''",
  '"${',
  "a(".repeat(5_000),
  "a{".repeat(5_000),
  "pipeline { stages { stage( { } } }",
  "/*",
  "\0 $ \\",
])("garbage %j never throws", async (text) => {
  expect(() => judge([jenkins], { Jenkinsfile: text })).not.toThrow();
  await expect(validated(jenkinsfile, { Jenkinsfile: text })).resolves.toBeInstanceOf(Array);
});
