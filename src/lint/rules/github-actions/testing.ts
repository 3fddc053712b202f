export const PATH = ".github/workflows/ci.yml";
export const SHA = "11bd71901bbe5b1630ceea73d27597364c9af683";
export const OTHER = "49933ea5288caeca8642d1e84afbd3f7d6820020";

export const CLEAN_CI = `name: ci
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

export const CLEAN_DEPLOY = `name: deploy
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

export const CALLED = `on:
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

/** A workflow with one job around some steps. */
export function steps(lines: string, on = "push", more = ""): string {
  const indented = lines.replace(/^/gm, "      ").trimEnd();
  return `on: ${on}\npermissions: { contents: read }\n${more}jobs:\n  work:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n${indented}\n`;
}
/** A workflow with a job of some lines. */
export function job(lines: string, on = "push"): string {
  return `on: ${on}\npermissions: { contents: read }\njobs:\n  work:\n${lines.replace(/^/gm, "    ").trimEnd()}\n`;
}
export const body = "runs-on: ubuntu-latest\ntimeout-minutes: 5\nsteps:\n  - run: make";

/** A workflow, and what is told of it. */
export type Case = readonly [name: string, text: string, told: readonly RegExp[]];
