import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { factsBy, lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;
const MAIN = { "main.py": "from fastapi import FastAPI\napp = FastAPI()\n" };
const PEP621 = lines(
  "[project]",
  'name = "shop"',
  'requires-python = ">=3.11"',
  'dependencies = ["fastapi", "uvicorn"]',
);
const POETRY = lines(
  "[tool.poetry]",
  'name = "shop"',
  "[tool.poetry.dependencies]",
  'python = "^3.11"',
  'fastapi = "^0.110"',
  'uvicorn = { version = "^0.29", extras = ["standard"] }',
  "[tool.poetry.group.dev.dependencies]",
  'pytest = "^8"',
);

test.each<[string, Files, Record<string, unknown>]>([
  [
    "uv by its lock",
    { "pyproject.toml": PEP621, "uv.lock": "version = 1" },
    { packageManager: "uv", install: "uv sync --locked", name: "shop", framework: "fastapi" },
  ],
  [
    "uv by its table",
    { "pyproject.toml": `${PEP621}[tool.uv]\ndev-dependencies = ["pytest"]\n` },
    { packageManager: "uv", install: "uv sync", test: "python -m pytest" },
  ],
  [
    "Poetry",
    { "pyproject.toml": POETRY, "poetry.lock": "" },
    {
      packageManager: "poetry",
      install: "poetry install --only main",
      runtime: { name: "python", version: "^3.11" },
      framework: "fastapi",
      name: "shop",
    },
  ],
  [
    "Poetry by its backend",
    { "pyproject.toml": `${PEP621}[build-system]\nbuild-backend = "poetry.core.masonry.api"\n` },
    { packageManager: "poetry" },
  ],
  [
    "a task of PDM and its port",
    {
      "pyproject.toml": `[project]\nname='x'\ndependencies=['fastapi','uvicorn']\n[tool.pdm.scripts]\nstart = "uvicorn main:app --port 9100"\n`,
      "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    },
    { start: "uvicorn main:app --port 9100", port: 9100 },
  ],
  ["PDM", { "pyproject.toml": PEP621, "pdm.lock": "" }, { packageManager: "pdm", install: "pdm sync --prod" }],
  [
    "Hatch",
    { "pyproject.toml": `${PEP621}[tool.hatch.envs.default]\ndependencies = ["pytest"]\n` },
    { packageManager: "hatch" },
  ],
  [
    "a backend of Hatch alone is pip",
    { "pyproject.toml": `${PEP621}[build-system]\nbuild-backend = "hatchling.build"\n` },
    { packageManager: "pip", install: "pip install ." },
  ],
  [
    "Pipenv",
    {
      Pipfile: lines(
        "[packages]",
        'fastapi = "*"',
        "uvicorn = {extras = ['standard']}",
        "[dev-packages]",
        'pytest = "*"',
        "[requires]",
        'python_version = "3.12"',
      ),
      "Pipfile.lock": "{}",
    },
    {
      packageManager: "pipenv",
      install: "pipenv sync",
      runtime: { name: "python", version: "3.12" },
      framework: "fastapi",
    },
  ],
  [
    "pip with hashes, markers and comments",
    {
      "requirements.txt": lines(
        "# made by pip-compile",
        "fastapi==0.110.0 ; python_version >= '3.8' \\",
        "    --hash=sha256:aaaa",
        "    # via -r requirements.in",
        "uvicorn[standard]==0.29.0",
      ),
    },
    { packageManager: "pip", framework: "fastapi", install: "pip install -r requirements.txt" },
  ],
  [
    "pip with includes",
    {
      "requirements.txt": "-r requirements/prod.txt\n",
      "requirements/prod.txt": "-r base.txt\ngunicorn\n",
      "requirements/base.txt": "fastapi\nuvicorn\n",
    },
    {
      packageManager: "pip",
      framework: "fastapi",
      start: "gunicorn main:app -k uvicorn.workers.UvicornWorker --bind 0.0.0.0:${PORT:-8000}",
    },
  ],
  [
    "conda",
    {
      "environment.yml": lines(
        "dependencies:",
        "  - python=3.11",
        "  - conda-forge::uvicorn",
        "  - pip:",
        "      - fastapi==0.110",
      ),
    },
    {
      packageManager: "conda",
      runtime: { name: "python", version: "3.11" },
      framework: "fastapi",
      install: "conda env create -f environment.yml",
    },
  ],
  [
    "setup.py",
    {
      "setup.py": lines(
        "from setuptools import setup",
        "setup(",
        "    name='shop',",
        "    python_requires='>=3.9',",
        "    install_requires=[",
        "        'fastapi>=0.100',",
        "        'uvicorn',",
        "    ],",
        ")",
      ),
    },
    { packageManager: "pip", runtime: { name: "python", version: ">=3.9" }, framework: "fastapi" },
  ],
  [
    "setup.cfg",
    {
      "setup.cfg": lines(
        "[metadata]",
        "name = shop",
        "[options]",
        "python_requires = >=3.10",
        "install_requires =",
        "    fastapi",
        "    uvicorn",
      ),
    },
    { packageManager: "pip", runtime: { name: "python", version: ">=3.10" }, framework: "fastapi" },
  ],
  [
    "an exact pin before a range",
    { "pyproject.toml": PEP621, ".python-version": "3.12.4\n" },
    { runtime: { name: "python", version: "3.12.4" } },
  ],
  [
    "runtime.txt",
    { "requirements.txt": "fastapi", "runtime.txt": "python-3.12.1\n" },
    { runtime: { name: "python", version: "3.12.1" } },
  ],
  [
    ".tool-versions",
    { "requirements.txt": "fastapi", ".tool-versions": "nodejs 20.1.0\npython 3.11.9\n" },
    { runtime: { name: "python", version: "3.11.9" } },
  ],
  [
    "mise.toml",
    { "requirements.txt": "fastapi", "mise.toml": '[tools]\npython = ["3.13", "3.12"]\n' },
    { runtime: { name: "python", version: "3.13" } },
  ],
  [
    "a broken pyproject.toml",
    { "pyproject.toml": "[project\nname = ", "requirements.txt": "fastapi\nuvicorn\n" },
    { packageManager: "pip", framework: "fastapi", start: "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}" },
  ],
  ["UTF-16 of Windows", { "requirements.txt": "fastapi\nuvicorn\n" }, { framework: "fastapi" }],
  [
    "no manifest",
    {},
    { language: "Python", framework: "fastapi", start: "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}" },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(pythonCollector, { ...MAIN, ...files })).toMatchObject(expected);
});

test("two locks are told as a conflict, a range that excludes the pin too", () => {
  const facts = factsBy(pythonCollector, {
    ...MAIN,
    "pyproject.toml": PEP621,
    "uv.lock": "",
    "poetry.lock": "",
    ".python-version": "3.9",
  });
  expect(facts.get("packageManager")?.alternatives.map(({ value }) => value)).toHaveLength(1);
  expect(facts.get("runtime")?.value).toEqual({ name: "python", version: "3.9" });
  expect(facts.get("runtime")?.alternatives.map(({ value }) => value)).toEqual([{ name: "python", version: ">=3.11" }]);
});
