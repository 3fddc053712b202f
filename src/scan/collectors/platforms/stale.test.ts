import { describe, expect, it } from "vitest";
import { APP, json, toldBy } from "./testing.ts";

describe("places", () => {
  const rows: [file: string, text: string, fact: string, line: number][] = [
    ["railway.json", '{\n  "deploy": {\n    "startCommand": "node index.js"\n  }\n}', "start", 3],
    ["railway.toml", '[deploy]\n\nstartCommand = "node index.js"\n', "start", 3],
    ["fly.toml", "app = 'x'\n\n[http_service]\n  internal_port = 8080\n", "port", 4],
    ["Procfile", "# web\nworker: a\nweb: node index.js\n", "start", 3],
    ["netlify.toml", '[build]\n  publish = "dist"\n', "output", 2],
  ];
  it.each(rows)("%s", (file, text, fact, line) => {
    expect(toldBy({ ...APP, [file]: text })["."]?.at(fact)).toBe(`${file}:${line}`);
  });
});

describe("stale configurations", () => {
  it("stay, and a file that is not there is told", () => {
    const { facts, misses } =
      toldBy({ ...APP, "railway.json": json({ deploy: { startCommand: "node gone.js" } }) })["."] ?? {};
    expect(facts?.start).toBe("node gone.js");
    expect(misses?.map(({ fact, message }) => [fact, message])).toEqual([
      ["start", "starts gone.js, which is not there"],
    ]);
  });
  it("names a script or a Dockerfile that is not there", () => {
    const { facts, misses } =
      toldBy({ ...APP, Procfile: "web: npm run serve", "fly.toml": '[build]\ndockerfile = "x/Dockerfile"\n' })["."] ??
      {};
    expect(facts).toEqual({});
    expect(misses?.map(({ message }) => message)).toEqual([
      "names the Dockerfile x/Dockerfile, which is not there",
      "names a script that is not there",
    ]);
  });
  it("does not take what a build makes for gone", () => {
    expect(toldBy({ ...APP, Procfile: "web: node dist/server.js" })["."]?.misses).toEqual([]);
  });
});

describe("others' files of the same name", () => {
  const rows: [name: string, files: Record<string, string>][] = [
    ["app.json of Expo", { "app.json": json({ expo: { name: "x" }, env: { A: "b" } }) }],
    ["app.json of React Native", { "app.json": json({ name: "x", displayName: "X" }) }],
    ["app.yaml of Kubernetes", { "app.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\nruntime: x\n" }],
    ["app.yaml of anything", { "app.yaml": "debug: true\nport: 3000\n" }],
    ["deploy.yml of Ansible", { "config/deploy.yml": "- hosts: all\n  tasks: []\n" }],
    ["template.yaml of anything", { "template.yaml": "Resources: {}\n" }],
    [
      "an nginx.conf in front of something",
      { "nginx.conf": "server { listen 80; root /x; location / { proxy_pass http://app; } }" },
    ],
    ["a Procfile for developers", { "Procfile.dev": "web: next dev\n" }],
  ];
  it.each(rows)("%s", (_, files) => {
    expect(toldBy({ ...APP, ...files })["."]?.claims).toEqual([]);
  });
});
