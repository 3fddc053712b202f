import { describe, expect, it } from "vitest";
import { about, expectedService, judge } from "../testing.ts";
import { envExample } from "./env-example.ts";

describe("variables", () => {
  const api = expectedService({
    env: [
      { name: "DATABASE_URL", class: "secret" },
      { name: "LOG_LEVEL", class: "config" },
      { name: "PORT", class: "provided" },
    ],
  });
  const key = ["q7Zp", "L2vX", "9tRw", "K4mN", "8sYb", "D3fG"].join("");
  const samples: [name: string, text: string, expected: RegExp[]][] = [
    ["complete", "DATABASE_URL=\nLOG_LEVEL=info\n", []],
    ["told in a comment", "DATABASE_URL=\n# LOG_LEVEL=info\n", []],
    ["incomplete", "LOG_LEVEL=info\n", [/^1 warning api reads variables that are not here: DATABASE_URL$/]],
    [
      "a real value",
      `DATABASE_URL=\nLOG_LEVEL=\nJWT_SECRET=${key}\n`,
      [/^3 error JWT_SECRET has a value that looks real/],
    ],
    [
      "samples of values",
      "DATABASE_URL=postgres://user:password@localhost/db\nLOG_LEVEL=\nJWT_SECRET=change-me\nAPI_KEY=your-api-key\n",
      [],
    ],
    [
      "a secret of a page",
      "DATABASE_URL=\nLOG_LEVEL=\nVITE_CLIENT_SECRET=\nVITE_FIREBASE_API_KEY=\n",
      [/^3 error VITE_CLIENT_SECRET is compiled/],
    ],
    ["a name twice", "DATABASE_URL=\nLOG_LEVEL=\nLOG_LEVEL=debug\n", [/stands in line 2 too/]],
  ];
  it.each(samples)("a sample that is %s", (_, text, expected) => {
    const found = about(".env.example", judge([envExample], { ".env.example": text }, [api]));
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });

  it.each([
    ["read nowhere", "OLD_FLAG=1", {}, [/^3 note no file of this repository reads OLD_FLAG/]],
    ["read by a script", "OLD_FLAG=1", { "bin/run.sh": "test $OLD_FLAG" }, []],
    ["only written about", "OLD_FLAG=1", { "README.md": "set OLD_FLAG" }, [/OLD_FLAG/]],
    ["explained", "# for the tests of others\nOLD_FLAG=1", {}, []],
    ["read by a library", "AWS_REGION=eu-west-1", {}, []],
  ] as const)("a variable that is %s", (_, rest, files, expected) => {
    const sample = { ".env.example": `DATABASE_URL=\nLOG_LEVEL=info\n${rest}\n` };
    const found = about(".env.example", judge([envExample], { "src/main.ts": "", ...files, ...sample }, [api]));
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });

  it("a secret that a pod is not given", () => {
    const pod = (rest: string, kind = "Deployment") =>
      `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: shop }\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: a:1\n${rest}`;
    const said = (rest: string, more: Record<string, string> = {}) =>
      judge([envExample], { "k8s/api.yaml": pod(rest), ...more }, [api]);
    expect(said("")).toEqual([expect.stringMatching(/:8 api reads DATABASE_URL, which nothing gives it/)]);
    expect(said("          env: [{ name: DATABASE_URL, value: x }]")).toEqual([]);
    expect(said("          env: [{ name: DATABASE_URL_FILE, value: /run/x }]")).toEqual([]);
    expect(said("          envFrom: [{ secretRef: { name: api } }]")).toEqual([]);
    const patches = "resources: [api.yaml]\npatches: [{ path: env.yaml }]\n";
    expect(said("", { "k8s/kustomization.yaml": patches })).toEqual([]);
  });

  it("a secret that a container is not given", () => {
    const text = (rest: string) => `services:\n  api: { image: 'a:1', ${rest} }`;
    const said = (rest: string) => judge([envExample], { "compose.prod.yaml": text(rest) }, [api]);
    expect(said("restart: always")).toEqual([
      expect.stringMatching(/:2 api reads DATABASE_URL, which nothing gives it/),
    ]);
    expect(said("env_file: .env")).toEqual([]);
    expect(said("environment: [DATABASE_URL]")).toEqual([]);
  });
});
