import { expect, test } from "vitest";
import { validated } from "../rules/testing.ts";
import { dockerfileWorks } from "./dockerfile-works.ts";

const APP = { "package-lock.json": "{}", "server.js": "", "src/index.ts": "" };
const START = 'CMD ["node", "dist/index.js"]';

test.each<[string, manifest: string, lines: string, isMissing: boolean]>([
  ["nobody builds it", "{}", `COPY package*.json ./\nRUN npm ci\nCOPY server.js .\n${START}`, true],
  ["a build makes it", "{}", `COPY . .\nRUN npm ci && npm run build\n${START}`, false],
  ["an install builds it", '{"scripts":{"prepare":"tsc"}}', `COPY . .\nRUN npm ci\n${START}`, false],
  [
    "an install without its scripts",
    '{"scripts":{"prepare":"tsc"}}',
    `COPY . .\nRUN npm ci --ignore-scripts\n${START}`,
    true,
  ],
  ["a package of the workspace may build it", '{"workspaces":["packages/*"]}', `COPY . .\nRUN npm ci\n${START}`, false],
  ["a build below writes into the root", "{}", `COPY . .\nRUN npm ci\nRUN cd src && npx vite build\n${START}`, false],
  ["a manifest that cannot be read", "{ broken", `COPY . .\nRUN npm ci\n${START}`, false],
])("what is started is in the image, or is told: %s", async (_, manifest, lines, isMissing) => {
  const Dockerfile = `FROM node:22-slim\nWORKDIR /app\n${lines}\n`;
  const found = await validated(dockerfileWorks, { ...APP, "package.json": manifest, Dockerfile });
  expect(found.some((message) => message.includes("/app/dist/index.js is not in the image"))).toBe(isMissing);
});
