import { describe, expect, it } from "vitest";
import { memoryFiles } from "../../files.ts";
import { findPlatforms } from "../../platforms.ts";
import { takeSnapshot } from "../../snapshot.ts";
import { toldBy } from "./testing.ts";

const app = { "package.json": '{"scripts":{"start":"node a.js"}}', "a.js": "" };
/** Files with each form that a reader asks for. */
const FILES: Record<string, string> = {
  "railway.json":
    '{"build":{"buildCommand":"npm run build"},"deploy":{"startCommand":"npm start","healthcheckPath":"/h"},"environments":{"production":{}}}',
  "railway.toml": '[deploy]\nstartCommand = "node a.js"\npreDeployCommand = ["x"]\n',
  ".railway/railway.ts": 'export default service("a", { root: "./", start: "node a.js", healthcheck: "/h" })',
  "vercel.json":
    '{"buildCommand":"npm run build","crons":[{"path":"/a","schedule":"* * * * *"}],"builds":[{"src":"a","use":"b"}]}',
  "vercel.ts":
    'import type { VercelConfig } from "@vercel/config/v1";\nexport const config = { buildCommand: "x", outputDirectory: "y" }',
  "netlify.toml": '[build]\ncommand = "npm run build"\npublish = "dist"\n[context.production]\ncommand = "x"\n',
  "fly.toml":
    '[processes]\napp = "node a.js"\n[[services]]\ninternal_port = 1\n[[services.http_checks]]\npath = "/"\n[mounts]\ndestination = "/d"\n',
  "render.yaml":
    "services:\n  - type: web\n    startCommand: node a.js\n    envVars:\n      - { key: A, fromDatabase: { name: d, property: connectionString } }\ndatabases:\n  - name: d\n",
  Procfile: "web: npm start\nworker: node b.js\nrelease: x\n",
  "app.json": '{"addons":["heroku-redis"],"env":{"A":{"value":"1"}},"cron":[{"command":"a","schedule":"b"}]}',
  "heroku.yml": "build:\n  docker:\n    web: Dockerfile\nrun:\n  web: node a.js\n",
  ".do/app.yaml": "services:\n  - name: a\n    run_command: node a.js\n    http_port: 1\ndatabases:\n  - engine: PG\n",
  "nixpacks.toml": '[phases.build]\ncmds = ["a"]\n[start]\ncmd = "node a.js"\n',
  "railpack.json": '{"packages":{"node":"22"},"deploy":{"startCommand":"node a.js"}}',
  Dockerfile:
    'FROM node:20 AS b\nRUN <<EOF\na\nEOF\nFROM nginx\nCOPY --from=b /app/dist /usr/share/nginx/html\nEXPOSE 80\nCMD ["a", "b"]\n',
  "compose.yaml":
    "services:\n  a:\n    build: { context: ., args: { VITE_A: b } }\n    ports: ['1:2']\n    environment: { A: b }\n    depends_on: { d: {} }\n  d: { image: redis }\n",
  "k8s/a.yaml":
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: a, image: b, ports: [{ containerPort: 1 }] }] } } }\n",
  "chart/Chart.yaml": "name: a\n",
  "chart/values.yaml": "image: { repository: a }\nservice: { targetPort: 1 }\n",
  "config/deploy.yml": "service: a\nimage: b\nservers: { web: { cmd: node a.js } }\nproxy: { app_port: 1 }\n",
  "captain-definition": '{"schemaVersion":2,"dockerfilePath":"./Dockerfile"}',
  "app.yaml": "runtime: nodejs20\nentrypoint: node a.js\n",
  "apprunner.yaml": "runtime: nodejs18\nrun: { command: node a.js, network: { port: 1 } }\n",
  "amplify.yml": "frontend: { phases: { build: { commands: [a] } }, artifacts: { baseDirectory: d } }\n",
  "serverless.yml":
    "provider: { runtime: nodejs20.x }\nfunctions: { a: { handler: b, events: [{ schedule: rate(1 day) }] } }\n",
  "template.yaml":
    "Transform: AWS::Serverless-2016-10-31\nResources: { A: { Type: 'AWS::Serverless::Function', Properties: { Runtime: python3.12 } } }\n",
  "wrangler.toml": 'main = "a.js"\n[vars]\nA = "b"\n[triggers]\ncrons = ["* * * * *"]\n',
  "firebase.json": '{"hosting":{"public":"dist"},"functions":[{"runtime":"nodejs20"}]}',
  ".github/workflows/ci.yml":
    "jobs: { a: { steps: [{ run: npm test }, { uses: actions/setup-node@v4, with: { node-version: 20 } }] } }\n",
  ".gitlab-ci.yml": "image: node:20\na: { script: [npm test] }\n",
  "nginx.conf": "server { listen 80; root /a; }\n",
};
const NONSENSE: readonly string[] = [
  "",
  "\n",
  "null",
  "[]",
  "0",
  '"a"',
  "{}",
  "---\n",
  "a: b",
  "[[a]]",
  "\u0000\u0001",
  "\uFFFD{",
  "&a [*a, *a]",
  "{{ .Values.x }}",
];

describe.each(Object.entries(FILES))("%s", (file, text) => {
  it("says something when it is whole", () => {
    if (file === "chart/Chart.yaml" || file === "chart/values.yaml") return;
    expect(
      findPlatforms(takeSnapshot(memoryFiles({ ...app, [file]: text }))).length +
        (toldBy({ ...app, [file]: text })["."]?.claims.length ?? 0),
    ).toBeGreaterThan(0);
  });
  it("says the same with a mark and CRLF", () => {
    const told = (body: string) => toldBy({ ...app, [file]: body })["."]?.facts;
    expect(told(`\uFEFF${text.replace(/\n/g, "\r\n")}`)).toEqual(told(text));
  });
  it("never throws when it is cut, nonsense, or of other types", () => {
    const cuts = Array.from({ length: 25 }, (_, index) => text.slice(0, Math.floor((text.length * index) / 25)));
    const typed = [
      text.replace(/"[^"\n]*"(?!:)/g, "1"),
      text.replace(/: \[/g, ": x["),
      text.replace(/"[^"\n]*"(?!:)/g, "{}"),
      text.replace(/: [\w./]+$/gm, ":"),
    ];
    for (const body of [...cuts, ...NONSENSE, ...typed]) expect(toldBy({ ...app, [file]: body })).toHaveProperty(["."]);
  });
});

it("says the same of all at once, whatever else is there", () => {
  const all = toldBy({ ...app, ...FILES });
  expect(all["."]?.facts.port).toBeTypeOf("number");
});
