import { describe, expect, test } from "vitest";
import { collectOnly } from "../environment/testing.ts";
import { stateCollector } from "./index.ts";

function state(files: Record<string, string>, unit = "."): string[] {
  return collectOnly(stateCollector, files, unit).claims.map(({ value, evidence }) => {
    const { path, what } = value as { path: string; what: string };
    return `${path} (${what}) ${evidence[0]?.file}:${evidence[0]?.line}`;
  });
}
const npm = (...names: string[]) => ({
  "package.json": JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, "1"])) }),
});
const pip = (...names: string[]) => ({ "requirements.txt": names.join("\n") });

const CASES: { title: string; files: Record<string, string>; expected: string[] }[] = [
  {
    title: "multer",
    files: { ...npm("multer"), "server.js": `const upload = multer({ dest: "uploads/" });` },
    expected: ["uploads (uploads) server.js:1"],
  },
  {
    title: "multer's disk, by a joined path",
    files: {
      ...npm("multer"),
      "src/upload.ts": `multer.diskStorage({ destination: (req, file, cb) => cb(null, path.join(__dirname, "../public/uploads")) });`,
    },
    expected: ["public/uploads (uploads) src/upload.ts:1"],
  },
  {
    title: "files that code writes",
    files: {
      ...npm("express"),
      "a.js": `fs.writeFileSync(\`./data/\${id}.json\`, text);\nfs.mkdirSync(path.join(process.cwd(), "uploads"), { recursive: true });\nfs.writeFile("/tmp/x", "");\nfs.writeFile("report.txt", "");`,
    },
    expected: ["data (files) a.js:1", "uploads (files) a.js:2"],
  },
  {
    title: "SQLite of Node.js",
    files: {
      ...npm("better-sqlite3"),
      "db.js": `const Database = require("better-sqlite3");\nconst db = new Database("data/app.db");`,
    },
    expected: ["data/app.db (database) db.js:2"],
  },
  {
    title: "SQLite that only development uses",
    files: {
      ...npm("better-sqlite3", "pg"),
      "db.js": `require("pg"); const Database = require("better-sqlite3");\nnew Database("dev.db");`,
    },
    expected: [],
  },
  {
    title: "Prisma on SQLite",
    files: {
      ...npm("@prisma/client"),
      "prisma/schema.prisma": `datasource db {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}`,
    },
    expected: ["prisma/dev.db (database) prisma/schema.prisma:3"],
  },
  {
    title: "Django: media and SQLite",
    files: {
      ...pip("django"),
      "shop/settings.py": `MEDIA_ROOT = BASE_DIR / "media"\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}`,
      "shop/models.py": "image = models.ImageField()",
    },
    expected: ["db.sqlite3 (database) shop/settings.py:2", "media (uploads) shop/settings.py:1"],
  },
  {
    title: "Django with files in S3",
    files: {
      ...pip("django", "boto3", "django-storages"),
      "shop/settings.py": `MEDIA_ROOT = os.path.join(BASE_DIR, "media")\nSTORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}`,
    },
    expected: [],
  },
  {
    title: "Flask: uploads, sessions, SQLite",
    files: {
      ...pip("flask", "flask-sqlalchemy"),
      "app.py": `UPLOAD_FOLDER = "static/uploads"\napp.config["SESSION_TYPE"] = "filesystem"\napp.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"`,
    },
    expected: ["static/uploads (uploads) app.py:1", "site.db (database) app.py:3", "flask_session (sessions) app.py:2"],
  },
  {
    title: "Rails with files of models",
    files: {
      Gemfile: `gem "rails"`,
      "app/models/user.rb": "has_one_attached :avatar",
      "config/environments/production.rb": "config.active_storage.service = :local",
    },
    expected: ["storage (uploads) config/environments/production.rb:1"],
  },
  {
    title: "Rails without files",
    files: { Gemfile: `gem "rails"`, "config/environments/production.rb": "config.active_storage.service = :local" },
    expected: [],
  },
  {
    title: "Rails on SQLite",
    files: {
      Gemfile: `gem "rails"\ngem "sqlite3"`,
      "config/database.yml":
        "default: &default\n  adapter: sqlite3\nproduction:\n  <<: *default\n  database: storage/production.sqlite3\n",
    },
    expected: ["storage/production.sqlite3 (database) config/database.yml:5"],
  },
  {
    title: "Laravel",
    files: {
      "composer.json": `{"require":{"laravel/framework":"11"}}`,
      "app/Http/A.php": `<?php $request->file('a')->store('avatars');`,
    },
    expected: ["storage/app (uploads) app/Http/A.php:1"],
  },
  {
    title: "Laravel on SQLite",
    files: {
      "composer.json": `{"require":{"laravel/framework":"11"}}`,
      "config/database.php": `<?php return ['default' => env('DB_CONNECTION', 'sqlite'), 'x' => database_path('database.sqlite')];`,
      ".env.example": "DB_CONNECTION=sqlite\n",
    },
    expected: ["database/database.sqlite (database) config/database.php:1"],
  },
  {
    title: "Go",
    files: {
      "go.mod": "module x",
      "main.go": `package main\nfunc f() { os.MkdirAll("./uploads", 0o755); bolt.Open("my.db", 0600, nil) }`,
    },
    expected: ["uploads (files) main.go:2", "my.db (database) main.go:2"],
  },
  {
    title: "Spring",
    files: { "pom.xml": "<project/>", "src/main/resources/application.properties": "file.upload-dir=./uploads\n" },
    expected: ["uploads (uploads) src/main/resources/application.properties:1"],
  },
  {
    title: "PHP and .NET",
    files: {
      "composer.json": "{}",
      "a.php": `<?php move_uploaded_file($_FILES['a']['tmp_name'], "uploads/" . $name);`,
      "A.cs": `var p = Path.Combine(_env.WebRootPath, "avatars");`,
    },
    expected: ["uploads (uploads) a.php:1", "wwwroot/avatars (uploads) A.cs:1"],
  },
  {
    title: "sessions in memory",
    files: {
      ...npm("express-session"),
      "a.js": `const session = require("express-session");\napp.use(session({ secret: "x", resave: false }));`,
    },
    expected: ["memory (sessions) a.js:2"],
  },
  {
    title: "sessions in a store",
    files: {
      ...npm("express-session"),
      "a.js": `const session = require("express-session");\napp.use(session({ store: new RedisStore({ client }), secret: "x" }));`,
    },
    expected: [],
  },
  {
    title: "tests",
    files: {
      ...npm("multer"),
      "test/a.test.js": `multer({ dest: "uploads/" })`,
      "b.js": `// multer({ dest: "uploads/" })`,
    },
    expected: [],
  },
];

describe("state of an application", () => {
  test.each(CASES)("$title", ({ files, expected }) => {
    expect(state(files)).toEqual(expected);
  });

  test("paths count from the folder of the unit", () => {
    const files = {
      "package.json": "{}",
      "apps/api/package.json": `{"dependencies":{"multer":"1"}}`,
      "apps/api/src/a.js": `multer({ dest: path.join(__dirname, "..", "uploads") });`,
    };
    expect(state(files, "apps/api")).toEqual(["uploads (uploads) apps/api/src/a.js:1"]);
  });
});
