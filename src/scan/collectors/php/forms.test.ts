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
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});
