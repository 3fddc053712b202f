import { expect, test } from "vitest";
import { parseYaml } from "../../src/formats/yaml.ts";
import { prepare } from "../../src/generate/prepare.ts";
import { planOf } from "./scan-and-plan.ts";
import type { Files } from "./types.ts";

interface Container {
  build?: { target?: string };
  command?: string[];
  environment?: Record<string, string | null>;
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  develop?: { watch: { action: string; path: string; target?: string; ignore?: string[] }[] };
}

const pack = (manifest: object) => JSON.stringify(manifest);

/** The services of compose.dev.yaml, in which no rule finds anything. */
async function working(files: Files): Promise<Record<string, Container>> {
  const { files: written, findings } = await prepare({
    plan: planOf(files),
    current: (path) => files[path],
    kinds: ["dockerfile", "compose"],
    today: "2026-01-01",
  });
  expect(findings).toEqual([]);
  const text = written.find(({ path }) => path === "compose.dev.yaml")?.text ?? "";
  return (parseYaml(text).value as { services: Record<string, Container> }).services;
}

const line = (container: Container | undefined) => container?.command?.at(-1);
const rules = (container: Container | undefined) =>
  container?.develop?.watch.map(({ action, path, target }) => [action, path, ...(target ? [target] : [])].join(" "));

const WORKSPACE = {
  "package.json": pack({ name: "mono", private: true, packageManager: "pnpm@9.15.0" }),
  "pnpm-workspace.yaml": 'packages: ["apps/*", "packages/*"]\n',
  "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
  "apps/api/package.json": pack({
    name: "@a/api",
    scripts: {
      build: "tsc",
      start: "node dist/index.js",
      dev: "tsx watch src/index.ts",
      worker: "node dist/worker.js",
      "dev:worker": "tsx watch src/worker.ts",
    },
    dependencies: {
      fastify: "5",
      bullmq: "5",
      "@a/built": "workspace:*",
      "@a/db": "workspace:*",
      "@a/types": "workspace:*",
    },
    devDependencies: { tsx: "4", typescript: "5" },
  }),
  "apps/api/tsconfig.json": pack({ compilerOptions: { outDir: "dist", rootDir: "src" } }),
  "apps/api/src/index.ts":
    'import Fastify from "fastify";\nFastify().listen({ port: Number(process.env.PORT ?? 3000), host: "0.0.0.0" });\n',
  "apps/api/src/worker.ts":
    'import { Worker } from "bullmq";\nnew Worker("x", async () => {}, { connection: { url: process.env.REDIS_URL } });\n',
  "packages/built/package.json": pack({ name: "@a/built", main: "dist/index.js", scripts: { build: "tsc" } }),
  "packages/db/package.json": pack({
    name: "@a/db",
    main: "dist/index.js",
    scripts: { build: "tsup", dev: "tsup --watch" },
  }),
  "packages/types/package.json": pack({ name: "@a/types", main: "src/index.ts" }),
};

test("in a workspace nothing hides what the image installed and built; each package follows in its own way", async () => {
  const { api, "api-worker": worker } = await working(WORKSPACE);
  for (const container of [api, worker]) {
    expect(container?.volumes).toBeUndefined();
    expect(container?.build?.target).toBe("build");
    expect(rules(container)).toEqual([
      "sync ./apps/api /app/apps/api",
      // No script makes its dist again: the image does.
      "rebuild ./packages/built",
      "sync ./packages/db /app/packages/db",
      "sync ./packages/types /app/packages/types",
      "rebuild ./apps/api/package.json",
      "rebuild ./pnpm-lock.yaml",
    ]);
    expect(container?.develop?.watch[0]?.ignore).toEqual(["node_modules/"]);
  }
  expect(line(api)).toBe("(cd /app/packages/db && pnpm run dev) & exec pnpm run dev");
  expect(line(worker)).toBe("(cd /app/packages/db && pnpm run dev) & exec pnpm run dev:worker");
});

test.each<[what: string, scripts: object, processes: string, command: string | undefined, action: string]>([
  ["a source", {}, "node worker.js", "exec node --watch worker.js", "sync"],
  ["what the build makes", {}, "node dist/worker.js", "dist/worker.js", "rebuild"],
  ["a script of its own", { "worker:dev": "nodemon worker.js" }, "node worker.js", "exec npm run worker:dev", "sync"],
  ["a runner of TypeScript", {}, "tsx src/worker.ts", "exec npx tsx watch src/worker.ts", "sync"],
  ["what nobody knows", {}, "graphile-worker", "exec npx graphile-worker", "sync+restart"],
])("a further program of Node: %s", async (_, scripts, processes, command, action) => {
  const { api, "api-worker": worker } = await working({
    "package.json": pack({
      name: "api",
      scripts: { start: "node server.js", watch: "tsc --watch", ...scripts },
      dependencies: { express: "4" },
    }),
    "package-lock.json": "{}",
    Procfile: `web: node server.js\nworker: ${processes}\n`,
    "server.js": 'require("express")().listen(process.env.PORT || 3000);\n',
    "worker.js": "",
    "src/worker.ts": "",
  });
  expect(line(worker)).toBe(command);
  expect(worker?.develop?.watch[0]?.action).toBe(action);
  // `tsc --watch` compiles, and serves nothing.
  expect(line(api)).toBe("exec node --watch server.js");
});

test("pages have their public values where the server of their tools reads them", async () => {
  const { web } = await working({
    "package.json": pack({
      name: "web",
      scripts: { build: "vite build", dev: "vite" },
      devDependencies: { vite: "7" },
    }),
    "package-lock.json": "{}",
    "vite.config.ts": "export default {};\n",
    "index.html": "<p>",
    "src/main.ts": "console.log(import.meta.env.VITE_API_URL)",
    ".env.example": "VITE_API_URL=http://localhost:3000\n",
  });
  expect(web?.environment?.VITE_API_URL).toBe("${VITE_API_URL:-http://localhost:3000}");
  expect(line(web)).toBe("exec npm run dev -- --host 0.0.0.0 --port 8080");
});

const DJANGO = {
  "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
  "shop/settings.py":
    'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\nWSGI_APPLICATION = "shop.wsgi.application"\nCELERY_BROKER_URL = os.environ["REDIS_URL"]\nCELERY_BEAT_SCHEDULE = {"x": {"task": "t", "schedule": 60}}\n',
  "shop/celery.py":
    'from celery import Celery\napp = Celery("shop")\napp.config_from_object("django.conf:settings", namespace="CELERY")\n',
  "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
  "shop/migrations/0001_initial.py": "from django.db import migrations\n",
  "pyproject.toml":
    '[project]\nname = "shop"\nversion = "0"\ndependencies = ["django", "celery[redis]", "gunicorn"]\n\n[dependency-groups]\ndev = ["django-debug-toolbar"]\n',
  "uv.lock": "version = 1\n",
};

test("Django, with the worker and the clock of Celery, which start again, and the packages of developers", async () => {
  const services = await working(DJANGO);
  const install = "uv sync --locked --no-cache && exec";
  expect(line(services.shop)).toBe(`${install} python manage.py runserver 0.0.0.0:8000`);
  expect(line(services["shop-worker"])).toBe(`${install} celery -A shop worker --loglevel=INFO`);
  expect(line(services["shop-beat"])).toMatch(/celery -A shop beat .*--schedule \/tmp\//);
  expect(line(services["shop-migrate"])).toContain("manage.py migrate");
  for (const name of ["shop", "shop-worker", "shop-beat"]) {
    // Packages lie outside of the sources: a mount hides nothing.
    expect(services[name]?.volumes).toEqual(["./:/app"]);
    expect(services[name]?.environment?.PYTHONUNBUFFERED).toBe("1");
    expect(rules(services[name])).toContain("rebuild ./uv.lock");
  }
  expect(rules(services["shop-worker"])).toContain("restart ./");
  expect(rules(services.shop)).not.toContain("restart ./");
  expect(services.shop?.environment?.SECRET_KEY).toMatch(/^\$\{SECRET_KEY:-.{32,}\}$/);
});

test("scripts that the image made among the sources of Python are not hidden by a mount", async () => {
  const { shop } = await working({
    ...DJANGO,
    "package.json": pack({ name: "assets", scripts: { build: "vite build" }, devDependencies: { vite: "7" } }),
    "package-lock.json": "{}",
    "vite.config.js": "export default {};\n",
  });
  expect(shop?.volumes).toBeUndefined();
  expect(rules(shop)).toContain("sync ./ /app");
});

test("a server of Python reloads, without what stands against it", async () => {
  const [container] = Object.values(
    await working({
      Procfile: "web: gunicorn app:app --workers 4 --preload --bind 0.0.0.0:$PORT\n",
      "requirements.txt": "flask\ngunicorn\n",
      "requirements-dev.txt": "pytest\n",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    }),
  );
  expect(line(container)).toBe(
    "pip install --quiet -r requirements-dev.txt && exec gunicorn app:app --bind 0.0.0.0:$${PORT:-8000} --reload",
  );
});

test("Rails has the gems of its development group, and makes styles again", async () => {
  const services = await working({
    Gemfile:
      'source "https://rubygems.org"\ngem "rails"\ngem "puma"\ngem "sidekiq"\ngroup :development do\n  gem "web-console"\nend\n',
    "Gemfile.lock": "GEM\n  specs:\n    puma (6.5.0)\n    rails (8.0.0)\n    sidekiq (7.3.0)\n",
    "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
    "config.ru": "run Rails.application\n",
    Procfile: "web: bundle exec puma -C config/puma.rb\nworker: bundle exec sidekiq\n",
    "Procfile.dev": "web: bin/rails server\ncss: bin/rails tailwindcss:watch\njs: yarn build --watch\n",
    "yarn.lock": "",
    "package.json": pack({ name: "shop", scripts: { build: "esbuild app/javascript/*.*" } }),
  });
  const named = (end: string) => Object.entries(services).find(([name]) => name.endsWith(end))?.[1];
  expect(line(named("-css"))).toBe("bundle install --quiet && exec bin/rails tailwindcss:watch");
  expect(line(named("-js"))).toBe("yarn install && exec yarn build --watch");
  expect(named("-js")?.volumes).toEqual(["./:/app", "/app/node_modules"]);
  expect(line(named("-worker"))).toBe("bundle install --quiet && exec bundle exec sidekiq");
  expect(named("-worker")?.environment).toMatchObject({ BUNDLE_WITHOUT: "", RAILS_ENV: "development" });
});

test("Laravel: libraries of developers come from a volume, built scripts from the image, jobs load code anew", async () => {
  const services = await working({
    "composer.json": pack({ require: { php: "^8.3", "laravel/framework": "^11.0" } }),
    "composer.lock": "{}",
    artisan: "<?php\n",
    "public/index.php": "<?php\n",
    Procfile:
      "web: frankenphp php-server --root public --listen :$PORT\nworker: php artisan queue:work --tries=3 --max-time=3600\n",
    "package.json": pack({
      scripts: { build: "vite build" },
      devDependencies: { vite: "6", "laravel-vite-plugin": "1" },
    }),
    "package-lock.json": "{}",
    "vite.config.js": "export default {};\n",
  });
  const [name = "", web] = Object.entries(services)[0] ?? [];
  expect(web?.volumes).toEqual(["./:/app", `${name}-vendor:/app/vendor`, "/app/public/build"]);
  expect(web?.depends_on?.[`${name}-vendor`]).toEqual({ condition: "service_completed_successfully" });
  expect(web?.environment).toMatchObject({ APP_ENV: "local" });
  expect(line(services[`${name}-worker`])).toBe("exec php artisan queue:listen --tries=3");
});

test("Go is compiled again by the image that has its modules", async () => {
  const [api] = Object.values(
    await working({
      "go.mod": "module example.com/orders\n\ngo 1.24\n",
      "cmd/api/main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n',
    }),
  );
  expect(line(api)).toBe("CGO_ENABLED=0 go build -trimpath -o /tmp/api ./cmd/api && exec /tmp/api");
  expect(api?.volumes).toEqual(["./:/src"]);
  expect(rules(api)).toEqual(["restart ./", "rebuild ./go.mod"]);
});
