import { expect, test } from "vitest";
import { factsIn, type Repository } from "../compiled/testing.ts";

const json = (value: unknown) => JSON.stringify(value, null, 2);
const franken = (root: string) => `frankenphp php-server --root ${root} --listen :\${PORT:-8080}`;

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "an application that says no type, in a folder that nobody names",
    {
      "composer.json": json({ name: "acme/shop", require: { php: ">=8.0" } }),
      "upload/index.php": "<?php\nrequire_once('startup.php');\nstart('catalog');\n",
      "upload/admin/index.php": "<?php\nstart('admin');\n",
    },
    { language: "PHP", kind: "web", start: franken("upload") },
  ],
  [
    "a library with a file that only keeps people out",
    {
      "composer.json": json({ name: "acme/lib", require: {} }),
      "lib/index.php": "<?php\n// Silence is golden.\n",
      "lib/Thing.php": "<?php\nclass Thing {}\n",
    },
    { kind: "library", start: null },
  ],
  [
    "a package that says it is a library",
    {
      "composer.json": json({ name: "acme/lib", type: "library" }),
      "views/index.php": "<?php\necho render();\n",
    },
    { kind: "library", start: null },
  ],
  [
    "pages beside a watcher of their styles",
    {
      "index.php": "<?php include 'header.php';\n",
      "header.php": "<header></header>",
      "package.json": json({ scripts: { start: "gulp watch", build: "gulp" }, devDependencies: { gulp: "4" } }),
    },
    { language: "PHP", kind: "web", start: franken("."), runtime: { name: "php", version: null } },
  ],
  [
    "a server of sockets with a name of its own",
    {
      "composer.json": json({ require: { "cboden/ratchet": "^0.4" } }),
      "bin/chat-server.php": "<?php\n$server = IoServer::factory(new Chat(), 8080);\n$server->run();\n",
    },
    { kind: "worker", start: "php bin/chat-server.php" },
  ],
  [
    "a server of Swoole",
    {
      "composer.json": json({ require: { "ext-swoole": "*" } }),
      "server.php":
        '<?php\n// new Swoole\\Http\\Server("0.0.0.0", 1111)\n$http = new Swoole\\Http\\Server("0.0.0.0", 9501);\n$http->start();\n',
    },
    { language: "PHP", kind: "web", start: "php server.php", port: 9501 },
  ],
  [
    "a server of ReactPHP",
    {
      "composer.json": json({ require: { "react/http": "^1" } }),
      "bin/serve.php": "<?php\n$socket = new React\\Socket\\SocketServer('0.0.0.0:8088');\n$server->listen($socket);\n",
    },
    { start: "php bin/serve.php", port: 8088 },
  ],
  [
    "a theme of WordPress",
    {
      "style.css": "/*\nTheme Name: Shop\nVersion: 1\n*/\n",
      "index.php": "<?php get_header();\n",
      "functions.php": "<?php\n",
    },
    { language: "PHP", kind: "library", start: null },
  ],
  [
    "a plugin of WordPress",
    {
      "composer.json": json({ require: { php: ">=8" } }),
      "shop.php": "<?php\n/**\n * Plugin Name: Shop\n */\n",
      "index.php": "<?php // Silence is golden.\n",
    },
    { kind: "library", start: null },
  ],
  [
    "a site of WordPress with a theme of its own",
    {
      "wp-load.php": "<?php\n",
      "wp-config-sample.php": "<?php\n",
      "index.php": "<?php\n/* Plugin Name: none */\n",
    },
    { framework: "wordpress", kind: "web", start: franken(".") },
  ],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});
