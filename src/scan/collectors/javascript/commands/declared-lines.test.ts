import { expect, test } from "vitest";
import { pack, type Repository, told } from "../testing.ts";

const SERVER = { "src/app.js": "const app = require('express')()\napp.listen(process.env.PORT || 3400)\n" };
const of = (start: string, files: Repository, extra: Record<string, unknown> = {}) =>
  told({ "package.json": pack({ start, up: "node src/app.js" }, ["express"], extra), ...SERVER, ...files }).values
    .start;

test.each<[string, string, Repository, string]>([
  [
    "a file of code",
    "pm2 start ecosystem.config.js --env production",
    {
      "ecosystem.config.js":
        "// one\nmodule.exports = { apps: [{ name: 'api', script: './src/app.js', instances: 2, env: { PORT: 1 } }] }\n",
    },
    "node ./src/app.js",
  ],
  [
    "arguments and a manager",
    "pm2-runtime ecosystem.config.cjs",
    { "ecosystem.config.cjs": "module.exports = { apps: [{ script: 'npm', args: ['run', 'up'] }] }" },
    "node src/app.js",
  ],
  [
    "JSON",
    "pm2-runtime start process.json",
    { "process.json": { apps: { script: "src/app.js" } } },
    "pm2-runtime start process.json",
  ],
  [
    "JSON with a list",
    "pm2-runtime start process.json",
    { "process.json": { apps: [{ script: "src/app.js", interpreter: "bun" }] } },
    "bun src/app.js",
  ],
  [
    "YAML",
    "pm2 start pm2.yaml",
    { "pm2.yaml": "apps:\n  - script: src/app.js\n    args: --web\n" },
    "node src/app.js --web",
  ],
  [
    "several",
    "pm2 start ecosystem.config.js",
    { "ecosystem.config.js": "module.exports = { apps: [{ script: 'a.js' }, { script: 'b.js' }] }" },
    "pm2-runtime start ecosystem.config.js",
  ],
  ["a file that is not there", "pm2 start ecosystem.config.js", {}, "pm2-runtime start ecosystem.config.js"],
  [
    "itself",
    "pm2 start ecosystem.config.js",
    { "ecosystem.config.js": "module.exports = { apps: [{ script: 'npm', args: 'start' }] }" },
    "node src/app.js",
  ],
])("PM2: %s", (_, start, files, expected) => expect(of(start, files)).toBe(expected));

test("better-npm-run", () => {
  const betterScripts = { prod: { command: "node src/app.js", env: { NODE_ENV: "production" } } };
  expect(of("better-npm-run prod", {}, { betterScripts })).toBe("NODE_ENV=production node src/app.js");
});
