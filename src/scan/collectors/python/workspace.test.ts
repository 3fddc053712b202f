import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { factsBy, lines, valuesBy } from "./testing.ts";

const MAIN = { "main.py": "from fastapi import FastAPI\napp = FastAPI()\n" };

test("a uv workspace: members, sources, one lock", () => {
  const files = {
    "pyproject.toml": lines(
      "[project]",
      'name = "root"',
      "[tool.uv.workspace]",
      'members = ["packages/*"]',
      "exclude = ['packages/old']",
    ),
    "uv.lock": "version = 1",
    "packages/api/pyproject.toml": lines(
      "[project]",
      'name = "api"',
      'dependencies = ["fastapi", "uvicorn", "shop-core"]',
      "[tool.uv.sources]",
      "shop-core = { workspace = true }",
    ),
    "packages/api/main.py": MAIN["main.py"],
    "packages/core/pyproject.toml": lines(
      "[project]",
      'name = "shop_core"',
      "[build-system]",
      "build-backend = 'uv_build'",
    ),
    "packages/core/src/shop_core/__init__.py": "",
    "packages/old/pyproject.toml": lines("[project]", 'name = "old"'),
  };
  expect(valuesBy(pythonCollector, files, "packages/api")).toMatchObject({
    workspace: ".",
    packageManager: "uv",
    "internal.packages/core": { path: "packages/core" },
    framework: "fastapi",
    start: "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}",
  });
  expect(valuesBy(pythonCollector, files, "packages/core")).toMatchObject({ kind: "library", workspace: "." });
  expect(valuesBy(pythonCollector, files, "packages/old")).not.toHaveProperty("workspace");
  expect(valuesBy(pythonCollector, files)).not.toHaveProperty("start");
});

test("path dependencies of Poetry and of requirement files", () => {
  const files = {
    "api/pyproject.toml": lines("[tool.poetry.dependencies]", 'core = { path = "../core", develop = true }'),
    "api/app.py": "",
    "worker/requirements.txt": "-e ../core\n",
    "core/pyproject.toml": "[tool.poetry]\nname = 'core'\n",
  };
  expect(valuesBy(pythonCollector, files, "api")).toMatchObject({ "internal.core": { path: "core" } });
  expect(valuesBy(pythonCollector, files, "worker")).toMatchObject({ "internal.core": { path: "core" } });
});

test("evidence is where it was written", () => {
  const facts = factsBy(pythonCollector, {
    "requirements.txt": "uvicorn\nfastapi\n",
    "main.py": lines(
      "import uvicorn",
      "from fastapi import FastAPI",
      "",
      "app = FastAPI()",
      "",
      'if __name__ == "__main__":',
      '    uvicorn.run(app, host="0.0.0.0", port=8181)',
    ),
  });
  const places = (id: string) => facts.get(id)?.evidence.map(({ file, line }) => `${file}:${line}`);
  expect(places("framework")).toEqual(["requirements.txt:2", "main.py:4"]);
  expect(places("start")).toEqual(["main.py:4"]);
  expect(places("port")?.[0]).toBe("main.py:7");
});

test("an application of Node with a requirement file stays one", () => {
  const files = {
    "package.json": '{"dependencies":{"express":"4"}}',
    "server.js": "",
    "requirements.txt": "numpy\n",
    "train.py": "import numpy\n",
  };
  const facts = factsBy(pythonCollector, files);
  expect(facts.get("language")?.confidence).toBeLessThanOrEqual(0.5);
  expect(facts.has("start")).toBe(false);
  expect(facts.has("kind")).toBe(false);
});

test("pages of Next beside functions of Python are led by Next", () => {
  const files = {
    "package.json": '{"scripts":{"start":"next start"},"dependencies":{"next":"15"}}',
    "requirements.txt": "fastapi\nuvicorn\n",
    "api/index.py": MAIN["main.py"],
  };
  expect(factsBy(pythonCollector, files).has("framework")).toBe(false);
});
