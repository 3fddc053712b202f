import { expect, test } from "vitest";
import { factsBy, valuesBy } from "../python/testing.ts";
import { phpCollector } from "./index.ts";

type Files = Record<string, string>;
const json = (value: unknown) => JSON.stringify(value, null, 2);
const franken = (root: string) => `frankenphp php-server --root ${root} --listen :\${PORT:-8080}`;

const LARAVEL: Files = {
  "composer.json": json({
    name: "laravel/laravel",
    type: "project",
    require: { php: "^8.2", "ext-gd": "*", "laravel/framework": "^11.0" },
    "require-dev": { "phpunit/phpunit": "^11" },
  }),
  "composer.lock": "{}",
  artisan: "#!/usr/bin/env php\n",
  "bootstrap/app.php": "<?php return 1;",
  "public/index.php": "<?php require __DIR__.'/../vendor/autoload.php';",
  "routes/console.php": "<?php\n// Schedule::command('x')->daily();\n",
};
const withRequire = (require: Record<string, string>): Files => ({
  ...LARAVEL,
  "composer.json": json({ type: "project", require: { "laravel/framework": "^11.0", ...require } }),
});

test.each<[string, Files, Record<string, unknown>]>([
  [
    "Laravel",
    LARAVEL,
    {
      language: "PHP",
      runtime: { name: "php", version: "^8.2" },
      packageManager: "composer",
      install: "composer install --no-dev --no-interaction --optimize-autoloader",
      framework: "laravel",
      kind: "web",
      start: franken("public"),
      port: 8080,
      test: "php artisan test",
      "native.ext-gd": { package: "ext-gd" },
    },
  ],
  [
    "Laravel with Vite",
    { ...LARAVEL, "package.json": json({ scripts: { dev: "vite", build: "vite build" } }), "package-lock.json": "{}" },
    { language: "PHP", framework: "laravel", build: "npm ci && npm run build" },
  ],
  [
    "assets by pnpm",
    { ...LARAVEL, "package.json": json({ scripts: { build: "vite build" } }), "pnpm-lock.yaml": "" },
    { build: "pnpm install --frozen-lockfile && pnpm run build" },
  ],
  [
    "Octane",
    {
      ...withRequire({ "laravel/octane": "^2" }),
      "config/octane.php": "<?php return ['server' => env('OCTANE_SERVER', 'swoole')];",
    },
    { start: "php artisan octane:start --server=swoole --host=0.0.0.0 --port=${PORT:-8000}", port: 8000 },
  ],
  [
    "Horizon",
    withRequire({ "laravel/horizon": "^5" }),
    { "process.worker": { name: "worker", command: "php artisan horizon" } },
  ],
  [
    "jobs of Laravel",
    {
      ...LARAVEL,
      "app/Jobs/Mail.php": "<?php\nclass Mail implements ShouldQueue {}\n",
      ".env.example": "QUEUE_CONNECTION=database\n",
    },
    { "process.worker": { name: "worker", command: "php artisan queue:work" } },
  ],
  [
    "the scheduler of Laravel",
    { ...LARAVEL, "routes/console.php": "<?php\nSchedule::command('report')->daily();\n" },
    { "process.scheduler": { name: "scheduler", command: "php artisan schedule:work" } },
  ],
  [
    "Symfony",
    {
      "composer.json": json({
        type: "project",
        require: { php: ">=8.2", "symfony/framework-bundle": "7.*", "symfony/asset-mapper": "7.*" },
      }),
      "bin/console": "",
      "config/bundles.php": "<?php",
      "public/index.php": "<?php",
      "importmap.php": "<?php",
    },
    {
      framework: "symfony",
      start: franken("public"),
      build: "php bin/console asset-map:compile",
      runtime: { name: "php", version: ">=8.2" },
    },
  ],
  [
    "Messenger of Symfony",
    {
      "composer.json": json({
        type: "project",
        require: { "symfony/framework-bundle": "7.*", "symfony/messenger": "7.*" },
      }),
      "bin/console": "",
      "public/index.php": "<?php",
      "config/packages/messenger.yaml":
        "framework:\n  messenger:\n    failure_transport: failed\n    transports:\n      async: '%env(DSN)%'\n      failed: 'doctrine://default'\n      sync: 'sync://'\n",
    },
    { "process.worker": { name: "worker", command: "php bin/console messenger:consume async" } },
  ],
  [
    "Slim",
    { "composer.json": json({ require: { "slim/slim": "^4" } }), "public/index.php": "<?php" },
    { framework: "slim", start: franken("public") },
  ],
  [
    "CakePHP",
    {
      "composer.json": json({ type: "project", require: { "cakephp/cakephp": "^5" } }),
      "webroot/index.php": "<?php",
      "bin/cake": "",
    },
    { framework: "cakephp", start: franken("webroot") },
  ],
  [
    "CodeIgniter 4",
    {
      "composer.json": json({ type: "project", require: { "codeigniter4/framework": "^4" } }),
      spark: "",
      "public/index.php": "<?php",
    },
    { framework: "codeigniter", start: franken("public") },
  ],
  [
    "CodeIgniter 3 without composer",
    { "index.php": "<?php", "system/core/CodeIgniter.php": "<?php" },
    { language: "PHP", framework: "codeigniter", start: franken(".") },
  ],
  [
    "WordPress as it is",
    { "index.php": "<?php", "wp-load.php": "<?php", "wp-config-sample.php": "<?php" },
    { framework: "wordpress", start: franken(".") },
  ],
  [
    "Drupal whose front controller comes later",
    {
      "composer.json": json({
        type: "project",
        require: { "drupal/core-recommended": "^10" },
        extra: { "drupal-scaffold": { locations: { "web-root": "web/" } } },
      }),
      "web/modules/custom/x.php": "<?php",
    },
    { framework: "drupal", start: franken("web") },
  ],
  [
    "Yii",
    {
      "composer.json": json({ type: "project", require: { "yiisoft/yii2": "~2.0" } }),
      yii: "",
      "web/index.php": "<?php",
    },
    { framework: "yii", start: franken("web") },
  ],
  [
    "plain pages",
    { "index.php": "<?php echo 1;", "about.php": "<?php" },
    { language: "PHP", kind: "web", start: franken("."), port: 8080 },
  ],
  [
    "plain pages in public",
    { "composer.json": json({ require: { "vlucas/phpdotenv": "^5" } }), "public/index.php": "<?php" },
    { kind: "web", start: franken("public") },
  ],
  [
    "Hyperf",
    {
      "composer.json": json({ type: "project", require: { "hyperf/http-server": "~3.1" } }),
      "bin/hyperf.php": "<?php",
      "config/autoload/server.php": "<?php return ['servers' => [['port' => 9502]]];",
    },
    { framework: "hyperf", start: "php bin/hyperf.php start", port: 9502 },
  ],
  [
    "RoadRunner",
    {
      "composer.json": json({ type: "project", require: { "spiral/roadrunner-http": "^3" } }),
      ".rr.yaml": "http:\n  address: 0.0.0.0:8085\n",
      "worker.php": "<?php",
    },
    { start: "rr serve -c .rr.yaml", port: 8085 },
  ],
  [
    "an older Symfony",
    {
      "composer.json": json({ type: "project", require: { "symfony/symfony": "3.4.*" } }),
      "app/AppKernel.php": "<?php",
      "web/app.php": "<?php",
    },
    { framework: "symfony", start: franken("web") },
  ],
  [
    "pages in a folder of their own",
    { "composer.json": json({ require: { "twig/twig": "^3" } }), "src/site/index.php": "<?php" },
    { kind: "web", start: franken("src/site") },
  ],
  [
    "a library",
    { "composer.json": json({ name: "acme/lib", require: { php: ">=8.1" } }), "src/Lib.php": "<?php" },
    { language: "PHP", kind: "library" },
  ],
  [
    "a command",
    {
      "composer.json": json({ name: "acme/tool", bin: ["bin/tool"], require: { "symfony/console": "^7" } }),
      "src/App.php": "<?php",
    },
    { kind: "cli" },
  ],
  [
    "Pest",
    { "composer.json": json({ name: "acme/lib", "require-dev": { "pestphp/pest": "^3" } }), "src/Lib.php": "<?php" },
    { test: "vendor/bin/pest" },
  ],
  [
    "a pinned platform",
    {
      "composer.json": json({ require: { php: "^8.1" }, config: { platform: { php: "8.3.1" } } }),
      "index.php": "<?php",
    },
    { runtime: { name: "php", version: "8.3.1" } },
  ],
  [
    ".php-version",
    { "composer.json": json({ require: { php: "^8.1" } }), "index.php": "<?php", ".php-version": "8.2\n" },
    { runtime: { name: "php", version: "8.2" } },
  ],
  [
    "a composer.json that cannot be read",
    { "composer.json": '{"require": {', artisan: "", "bootstrap/app.php": "<?php", "public/index.php": "<?php" },
    { language: "PHP", framework: "laravel", start: franken("public") },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(phpCollector, files)).toMatchObject(expected);
});

test.each<[string, Files, string]>([
  [
    "a package for Laravel",
    {
      "composer.json": json({ name: "acme/plugin", type: "library", require: { "laravel/framework": "^11" } }),
      "src/Provider.php": "<?php",
    },
    "start",
  ],
  [
    "a framework for tests",
    {
      "composer.json": json({ name: "acme/lib", "require-dev": { "laravel/framework": "^11" } }),
      "src/Lib.php": "<?php",
    },
    "framework",
  ],
  [
    "jobs that run at once",
    {
      ...LARAVEL,
      "app/Jobs/Mail.php": "<?php class Mail implements ShouldQueue {}",
      ".env.example": "QUEUE_CONNECTION=sync\n",
    },
    "process.worker",
  ],
  ["a commented schedule", LARAVEL, "process.scheduler"],
  [
    "composer for the tools of a page",
    { "composer.json": json({ "require-dev": { "squizlabs/php_codesniffer": "*" } }), "package.json": "{}" },
    "language",
  ],
])("%s is a decoy", (_, files, fact) => {
  expect(valuesBy(phpCollector, files)).not.toHaveProperty([fact]);
});

test("evidence is the line of the package", () => {
  expect(factsBy(phpCollector, LARAVEL).get("framework")?.evidence[0]).toMatchObject({
    file: "composer.json",
    line: 7,
  });
});
