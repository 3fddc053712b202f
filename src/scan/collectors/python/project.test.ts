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

test.each<[string, Files, Record<string, unknown>]>([
  [
    "a bot of Discord",
    {
      "requirements.txt": "discord.py",
      "bot.py": lines(
        "import discord",
        "from discord.ext import commands",
        "bot = commands.Bot('!')",
        "bot.run(token)",
      ),
    },
    { kind: "worker", start: "python bot.py" },
  ],
  [
    "a bot of Telegram in a package",
    {
      "requirements.txt": "aiogram",
      "main.py": lines(
        "import asyncio",
        "from bot.app import run",
        "if __name__ == '__main__':",
        "    asyncio.run(run())",
      ),
      "bot/app.py": lines("from aiogram import Dispatcher", "async def run():", "    await dp.start_polling(bot)"),
    },
    { kind: "worker", start: "python main.py" },
  ],
  [
    "a consumer",
    {
      "pyproject.toml": "[project]\nname='x'\ndependencies=['kafka-python']",
      "consumer/__main__.py": lines("from kafka import KafkaConsumer", "while True:", "    poll()"),
    },
    { kind: "worker", start: "python -m consumer" },
  ],
  [
    "a schedule",
    {
      "requirements.txt": "schedule",
      "main.py": lines("import schedule", "while True:", "    schedule.run_pending()"),
    },
    { kind: "worker", start: "python main.py" },
  ],
  [
    "Celery alone",
    {
      "requirements.txt": "celery",
      "tasks.py": lines("from celery import Celery", "app = Celery('tasks', broker=url)"),
    },
    { kind: "worker", start: "celery -A tasks worker --loglevel=INFO" },
  ],
  [
    "a command",
    {
      "pyproject.toml": lines(
        "[project]",
        "name = 'tool'",
        "dependencies = ['click']",
        "[project.scripts]",
        "tool = 'tool.cli:main'",
      ),
      "tool/cli.py": lines("import click", "def main(): ...", "if __name__ == '__main__':", "    main()"),
    },
    { kind: "cli" },
  ],
  [
    "a library",
    {
      "pyproject.toml": lines(
        "[project]",
        "name = 'lib'",
        "dependencies = ['requests']",
        "[build-system]",
        "build-backend = 'hatchling.build'",
      ),
      "src/lib/__init__.py": "",
    },
    { kind: "library" },
  ],
  [
    "RQ",
    {
      "requirements.txt": "flask\ngunicorn\nrq",
      "app.py": lines(
        "from flask import Flask",
        "from rq import Queue",
        "app = Flask(__name__)",
        "queue = Queue('mail', connection=redis)",
      ),
    },
    { "process.worker": { name: "worker", command: "rq worker mail" } },
  ],
  [
    "Dramatiq",
    {
      "requirements.txt": "fastapi\nuvicorn\ndramatiq",
      "main.py": MAIN["main.py"],
      "shop/tasks.py": lines("import dramatiq", "@dramatiq.actor", "def send(): ..."),
    },
    { "process.worker": { name: "worker", command: "dramatiq shop.tasks" } },
  ],
  [
    "arq",
    {
      "requirements.txt": "fastapi\nuvicorn\narq",
      "main.py": MAIN["main.py"],
      "shop/worker.py": lines("class WorkerSettings:", "    functions = [send]"),
    },
    { "process.worker": { name: "worker", command: "arq shop.worker.WorkerSettings" } },
  ],
  [
    "Huey",
    {
      "requirements.txt": "flask\nhuey",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
      "tasks.py": lines("from huey import RedisHuey", "huey = RedisHuey('x')"),
    },
    { "process.worker": { name: "worker", command: "huey_consumer tasks.huey" } },
  ],
  [
    "Celery of another name",
    {
      "requirements.txt": "fastapi\nuvicorn\ncelery",
      "main.py": MAIN["main.py"],
      "shop/jobs.py": lines("from celery import Celery", "queue = Celery('shop')", "queue.conf.beat_schedule = {}"),
    },
    {
      "process.worker": { name: "worker", command: "celery -A shop.jobs.queue worker --loglevel=INFO" },
      "process.beat": { name: "beat", command: "celery -A shop.jobs.queue beat --loglevel=INFO" },
    },
  ],
  [
    "libraries of the system",
    { "requirements.txt": "psycopg2\nweasyprint\nffmpeg-python", "main.py": "" },
    { "native.libpq5": { package: "libpq5" }, "native.ffmpeg": { package: "ffmpeg" } },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(pythonCollector, files)).toMatchObject(expected);
});

test("psycopg with its library, and celery that nobody uses", () => {
  const values = valuesBy(pythonCollector, { "requirements.txt": "psycopg[binary]\npillow\ncelery\n", ...MAIN });
  expect(Object.keys(values).filter((id) => /^(?:native|process)\./.test(id))).toEqual([]);
});

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
