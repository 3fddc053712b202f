import { describe, expect, it } from "vitest";
import { API, APP, json, picked, type Row, toldBy } from "./testing.ts";

const rows: Row[] = [
  [
    "apprunner.yaml",
    {
      ...API,
      "api/apprunner.yaml":
        "version: 1.0\nruntime: python3\nbuild:\n  commands:\n    build: [pip install -r requirements.txt]\nrun:\n  runtime-version: 3.11\n  command: gunicorn app:app\n  network: { port: 8000, env: X }\n  env: [{ name: MODE, value: x }]\n",
    },
    "api",
    {
      start: "gunicorn app:app",
      port: 8000,
      install: "pip install -r requirements.txt",
      runtime: { name: "python", version: "3.11" },
    },
  ],
  [
    "deploy.yml of Kamal",
    {
      ...APP,
      "config/deploy.yml":
        "service: x\nimage: a/x\nservers:\n  web: [10.0.0.1]\n  job: { hosts: [10.0.0.2], cmd: node jobs.js }\nproxy: { app_port: 3000, healthcheck: { path: /up } }\nenv:\n  clear: { DB_HOST: x }\n  secret: [API_KEY]\naccessories:\n  db: { image: 'mysql:8.0' }\n",
    },
    ".",
    {
      port: 3000,
      health: "/up",
      "process.job": { name: "job", command: "node jobs.js" },
      "store.mysql": { kind: "mysql", variable: null, version: "8.0", extensions: [] },
      "env.API_KEY": { name: "API_KEY", class: "secret", phase: "run", required: true, default: null },
    },
  ],
  [
    "captain-definition",
    { ...APP, "captain-definition": json({ schemaVersion: 2, templateId: "node/20" }) },
    ".",
    { runtime: { name: "node", version: "20" } },
  ],
  [
    "serverless.yml",
    {
      ...APP,
      "serverless.yml":
        "service: x\nprovider:\n  name: aws\n  runtime: nodejs20.x\n  environment: { TABLE: !Ref Table }\nfunctions:\n  tick:\n    handler: index.tick\n    events:\n      - schedule: rate(1 hour)\n",
    },
    ".",
    {
      runtime: { name: "node", version: "20" },
      "cron.tick": { name: "tick", schedule: "rate(1 hour)", command: "index.tick" },
    },
  ],
  [
    "functions that requests call",
    {
      "requirements.txt": "",
      "handler.py": "def hello(event, context): return {}\n",
      "serverless.yml":
        "service: x\nprovider: { name: aws, runtime: python3.12 }\nfunctions:\n  hello:\n    handler: handler.hello\n    events: [{ httpApi: '*' }]\n",
    },
    ".",
    { runtime: { name: "python", version: "3.12" }, kind: "api" },
  ],
  [
    "a template of SAM",
    {
      "hello/requirements.txt": "",
      "hello/app.py": "",
      "template.yaml":
        "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Hello:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: hello/\n      Runtime: python3.12\n      Handler: app.handler\n      Events:\n        Tick: { Type: Schedule, Properties: { Schedule: rate(5 minutes) } }\n",
    },
    "hello",
    {
      runtime: { name: "python", version: "3.12" },
      "cron.Hello": { name: "Hello", schedule: "rate(5 minutes)", command: "app.handler" },
    },
  ],
  [
    "nginx.conf of pages",
    {
      "index.html": "",
      "nginx.conf":
        "server {\n  # listen 1;\n  listen 8081;\n  root /usr/share/nginx/html;\n  location / { try_files $uri /index.html; }\n}",
    },
    ".",
    { port: 8081 },
  ],
];

describe("what clouds and machines are told", () => {
  it.each(rows)("%s", (_, files, unit, expected) => {
    expect(picked(toldBy(files)[unit], expected)).toEqual(expected);
  });
});
