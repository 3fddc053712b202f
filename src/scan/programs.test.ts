import { expect, test } from "vitest";
import { memoryFiles } from "./files.ts";
import { scan } from "./scan.ts";

const GO = {
  "go.mod":
    "module example.com/shop\n\ngo 1.23\n\nrequire (\n\tgithub.com/go-chi/chi/v5 v5.1.0\n\tgithub.com/jackc/pgx/v5 v5.7.0\n\tgithub.com/redis/go-redis/v9 v9.7.0\n)\n",
  "cmd/api/main.go":
    'package main\n\nimport (\n\t"net/http"\n\n\t"example.com/shop/internal/db"\n\t"github.com/go-chi/chi/v5"\n)\n\nfunc main() {\n\tr := chi.NewRouter()\n\tr.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) {})\n\tdb.Open()\n\thttp.ListenAndServe(":8081", r)\n}\n',
  "cmd/worker/main.go":
    'package main\n\nimport (\n\t"os"\n\n\t"example.com/shop/internal/mail"\n)\n\nfunc main() {\n\tmail.Run(os.Getenv("REDIS_URL"))\n\tselect {}\n}\n',
  "internal/db/db.go":
    'package db\n\nimport (\n\t"os"\n\n\t"github.com/jackc/pgx/v5"\n)\n\nfunc Open() { pgx.Connect(nil, os.Getenv("DATABASE_URL")) }\n',
  "internal/mail/mail.go":
    'package mail\n\nimport "github.com/redis/go-redis/v9"\n\nfunc Run(url string) { redis.NewClient(nil) }\n',
};

test("programs of one module of Go read and use what they import, and nothing of each other", () => {
  const { services, gaps } = scan(memoryFiles(GO));
  const told = services.map(({ name, health, env, stores }) => ({
    ...{ name, health, env: env.map((variable) => variable.name), stores: stores.map(({ kind }) => kind) },
  }));
  expect(told).toEqual([
    { name: "api", health: "/healthz", env: ["DATABASE_URL"], stores: ["postgres"] },
    { name: "worker", health: null, env: ["REDIS_URL"], stores: ["redis"] },
  ]);
  const places = gaps.filter(({ service }) => service === "worker").flatMap(({ evidence }) => evidence);
  expect(places.map(({ file }) => file)).not.toContain("cmd/api/main.go");
});

test("one program of a module has all of it", () => {
  const { "cmd/worker/main.go": _, ...files } = GO;
  const [api] = scan(memoryFiles(files)).services;
  expect(api?.stores.map(({ kind }) => kind)).toContain("postgres");
});

test("examples are the application where nothing else is", () => {
  const flask = "from flask import Flask\napp = Flask(__name__)\n";
  const starts = (files: Readonly<Record<string, string>>) =>
    scan(memoryFiles(files)).services.map(({ start }) => start);
  const needs = { "requirements.txt": "flask\ngunicorn\n" };
  expect(starts({ ...needs, "demo/web.py": flask })).toEqual(["gunicorn demo.web:app --bind 0.0.0.0:${PORT:-8000}"]);
  expect(starts({ ...needs, "demo/web.py": flask, "shop/web.py": flask })).toEqual([
    "gunicorn shop.web:app --bind 0.0.0.0:${PORT:-8000}",
  ]);
  expect(starts({ ...needs, "tests/web.py": flask })).toEqual([]);
});
