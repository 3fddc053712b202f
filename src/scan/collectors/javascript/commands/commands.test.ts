import { describe, expect, test } from "vitest";
import { memoryFiles } from "../../../files.ts";
import { takeSnapshot } from "../../../snapshot.ts";
import { equivalentOf } from "./equivalents.ts";
import { expandLine } from "./expand.ts";
import { fileOf, launchOf } from "./launch.ts";
import { commandText } from "./step.ts";

const ROOT = {
  name: "root",
  scripts: {
    start: "npm run prod",
    prod: "cross-env NODE_ENV=production node dist/main.js",
    build: "tsc",
    "build:css": "tailwindcss -o out.css",
    "build:js": "esbuild src/index.ts",
    loop: "npm run loop",
    serve: "node server.js",
    watch: "tsc -w",
    clean: "run-script-os",
    "clean:windows": "rmdir dist",
    "clean:linux": "rm -rf dist",
  },
};
const snapshot = takeSnapshot(
  memoryFiles({
    "package.json": JSON.stringify(ROOT),
    "pnpm-workspace.yaml": "packages: ['apps/*']\n",
    "apps/api/package.json": JSON.stringify({ name: "@acme/api", scripts: { start: "node index.js" } }),
    "client/package.json": JSON.stringify({
      name: "client",
      scripts: { start: "react-scripts start", build: "vite build" },
    }),
    "scripts/start.js": "const Server = require('webpack-dev-server');",
    "server.js": "",
  }),
);
const texts = (line: string) => expandLine(snapshot, line, ".").map((step) => commandText(step, "."));
const started = (line: string) => {
  const launch = launchOf(snapshot, expandLine(snapshot, line, "."));
  return launch && [launch.role, commandText(launch.step, ".")];
};

describe("a line is reduced to the programs it runs", () => {
  test.each<[string, string[]]>([
    ["npm start", ["NODE_ENV=production node dist/main.js"]],
    ["node server.js > log.txt 2>&1", ["node server.js"]],
    ["node server.js >> log.txt 2>error.txt < in", ["node server.js"]],
    ["(cd client && node index.js)", ["cd client && node index.js"]],
    ["env $(cat .env | xargs) node server.js", ["node server.js"]],
    ["pm2 start npm --name web -- run serve", ["node server.js"]],
    ["npm run clean", ["rm -rf dist"]],
    ["npm run serve -- --port 3000", ["node server.js --port 3000"]],
    ["yarn serve --verbose", ["node server.js --verbose"]],
    ["pnpm run -s serve", ["node server.js"]],
    ["node --run serve", ["node server.js"]],
    ["yarn next start -p 3000", ["next start -p 3000"]],
    ["pnpm exec next start", ["next start"]],
    ["npx --yes serve@14 -s build", ["serve -s build"]],
    ["npm exec -- serve build", ["serve build"]],
    ["bunx @11ty/eleventy@2 --serve", ["@11ty/eleventy --serve"]],
    ["./node_modules/.bin/next start", ["next start"]],
    ["node ./node_modules/next/dist/bin/next start", ["next start"]],
    ["env-cmd -f .env.production node server.js", ["node server.js"]],
    ["dotenv -e .env -- node server.js", ["node server.js"]],
    ["dotenvx run -f .env -- node server.js", ["node server.js"]],
    ['cross-env-shell NODE_ENV=production "node server.js"', ["NODE_ENV=production node server.js"]],
    ["set NODE_ENV=production&& node server.js", ["NODE_ENV=production node server.js"]],
    ["export A=1 && B=2 node server.js", ["A=1 B=2 node server.js"]],
    ["sh -c 'npm run build && npm run serve'", ["tsc", "node server.js"]],
    ["wait-for-it db:5432 -- node server.js", ["node server.js"]],
    ["run-s build serve", ["tsc", "node server.js"]],
    ["npm-run-all build:* serve", ["tailwindcss -o out.css", "esbuild src/index.ts", "node server.js"]],
    ["concurrently -n a,b \"npm:serve\" 'npm run watch'", ["node server.js", "tsc -w"]],
    ["run-p serve watch", ["node server.js", "tsc -w"]],
    ["cd client && npm start", ["cd client && react-scripts start"]],
    ["npm start --prefix client", ["cd client && react-scripts start"]],
    ["yarn --cwd client build", ["cd client && vite build"]],
    ["pnpm --filter @acme/api start", ["cd apps/api && node index.js"]],
    ["pnpm --filter api... start", ["cd apps/api && node index.js"]],
    ["npm run start --workspace=apps/api", ["cd apps/api && node index.js"]],
    ["if-env NODE_ENV=production && npm run serve || npm run watch", ["if-env NODE_ENV=production", "node server.js"]],
    ["yarn ts-node -r tsconfig-paths/register src/a.ts", ["ts-node -r tsconfig-paths/register src/a.ts"]],
    ["pnpm -r start", ["turbo pnpm -r start"]],
    ["npm run loop", []],
    ["npm run missing", ["npm run missing"]],
    ["node server.js --name 'a b' \"$X\"", ["node server.js --name 'a b' $X"]],
    ["", []],
    ["&& ; |", []],
  ])("%s", (line, expected) => expect(texts(line)).toEqual(expected));
});

describe("what stays is the start", () => {
  test.each<[string, [string, string] | undefined]>([
    ["npm run build && prisma migrate deploy && node dist/main", ["server", "node dist/main"]],
    ["node server.js | pino-pretty", ["server", "node server.js"]],
    ["next start -p ${PORT:-3000}", ["server", "next start -p ${PORT:-3000}"]],
    ["next", ["development", "next"]],
    ["next dev --turbo", ["development", "next dev --turbo"]],
    ["bun --bun next dev", ["development", "bun --bun next dev"]],
    ["react-scripts --openssl-legacy-provider start", ["development", "react-scripts --openssl-legacy-provider start"]],
    ["serve -s build", ["static", "serve -s build"]],
    ["vite preview", ["static", "vite preview"]],
    ["vite --host", ["development", "vite --host"]],
    ["ts-node src/index.ts", ["runner", "ts-node src/index.ts"]],
    ["node -r ts-node/register src/index.ts", ["runner", "node -r ts-node/register src/index.ts"]],
    ["nodemon server.js", ["server", "node server.js"]],
    ["NODE_ENV=development node server.js", ["server", "node server.js"]],
    ["node scripts/start.js", ["development", "node scripts/start.js"]],
    ["tsc -w", ["development", "tsc -w"]],
    ["microbundle watch", ["development", "microbundle watch"]],
    ["concurrently 'tsc -w' 'node server.js'", ["server", "node server.js"]],
    ["turbo run start", ["group", "turbo run start"]],
    ["tsc", undefined],
    ["node --version", undefined],
  ])("%s", (line, expected) => expect(started(line)).toEqual(expected));
});

describe("development servers and what they run", () => {
  test.each<[string, string]>([
    ["nodemon -w src -e ts,json --exec ts-node src/index.ts", "ts-node src/index.ts"],
    ['nodemon --exec "node -r esm" server.js', "node -r esm server.js"],
    ["nodemon src/index.ts", "ts-node src/index.ts"],
    ["nodemon --inspect app.js --watch", "node app.js --watch"],
    ["nodemon", "nodemon"],
    [
      "ts-node-dev --respawn --transpile-only -r dotenv/config src/a.ts",
      "ts-node --transpile-only -r dotenv/config src/a.ts",
    ],
    ["tsx watch --clear-screen=false src/a.ts", "tsx src/a.ts"],
    ["node --watch --inspect=0.0.0.0 server.js --watch", "node server.js --watch"],
    ["bun --hot src/a.ts", "bun src/a.ts"],
    ["deno run --watch -A main.ts", "deno run -A main.ts"],
    ["pm2 start server.js -i max --name web", "node server.js"],
    ["pm2 start ecosystem.config.js", "pm2-runtime start ecosystem.config.js"],
    ["forever start app.js", "node app.js"],
    ["node server.js", "node server.js"],
  ])("%s", (line, expected) => {
    const [step] = expandLine(snapshot, line, ".");
    expect(equivalentOf(step?.argv ?? []).argv.join(" ")).toBe(expected);
  });
});

test.each([
  ["node --max-old-space-size=4096 -r dotenv/config dist/main", "dist/main"],
  ["bun run src/index.ts", "src/index.ts"],
  ["tsx --env-file .env src/a.ts", "src/a.ts"],
  ["next start", undefined],
])("%s runs %s", (line, expected) => expect(fileOf(line.split(" "))).toBe(expected));
