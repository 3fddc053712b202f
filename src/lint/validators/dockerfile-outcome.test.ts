import { expect, it } from "vitest";
import { validated } from "../rules/testing.ts";
import { dockerfileWorks } from "./dockerfile-works.ts";

type Files = Record<string, string>;
const APP: Files = { "package.json": "{}", "package-lock.json": "{}", "server.js": "", "src/index.ts": "" };
const NODE = "FROM node:22-slim\nWORKDIR /app\n";

const rows: [name: string, text: string, expected: RegExp[], files?: Files][] = [
  ["nothing to run", `${NODE}COPY . .`, [/warning Dockerfile:1 no CMD and no ENTRYPOINT/], APP],
  ["what nginx runs by itself", "FROM nginx:1.27\nCOPY src /usr/share/nginx/html", [], APP],
  [
    "packages that nobody installs",
    `${NODE}COPY . .\nCMD ["node", "server.js"]`,
    [/nothing installs the dependencies of package.json, such as express/],
    { ...APP, "package.json": '{"dependencies":{"express":"4"}}' },
  ],
  [
    "packages of a stage",
    `FROM node:22 AS d\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n${NODE}COPY --from=d /app/node_modules node_modules\nCOPY . .\nCMD ["node", "server.js"]`,
    [],
    { ...APP, "package.json": '{"dependencies":{"express":"4"}}' },
  ],
];
it.each(rows)("%s", async (_, text, expected, files = {}) => {
  const found = await validated(dockerfileWorks, { ...files, Dockerfile: text });
  expect(found).toHaveLength(expected.length);
  for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
});
