import { expect, test } from "vitest";
import { servicesIn } from "../compiled/testing.ts";
import { pythonCollector } from "./index.ts";
import { lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;
const MAIN = { "main.py": "from fastapi import FastAPI\napp = FastAPI()\n" };

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
    "a bot beside the tools of its pages",
    {
      "requirements.txt": "discord.py",
      "main.py": lines("import discord", "c = discord.Client()", "c.run(token)"),
      "package.json": '{"devDependencies":{"prettier":"3"}}',
    },
    { language: "Python", kind: "worker", start: "python main.py" },
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
    "a game in a window",
    {
      "requirements.txt": "pygame",
      "main.py": lines("import pygame", "while True:", "    pygame.display.update()"),
    },
    { kind: "cli" },
  ],
  [
    "a bot that can draw",
    {
      "requirements.txt": "discord.py\npygame",
      "main.py": lines("import discord, pygame", "c = discord.Client()", "c.run(token)"),
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
    "a script of the usual name is the program",
    { "requirements.txt": "requests", "main.py": "import requests\nprint(1)\n" },
    { kind: "job", start: "python main.py" },
  ],
  [
    "the only script beside the manifest",
    {
      "pyproject.toml": "[project]\nname='hello'\ndependencies=[]",
      "hello.py": lines("def main(): ...", "if __name__ == '__main__':", "    main()"),
    },
    { kind: "job", start: "python hello.py" },
  ],
  [
    "the only spider of Scrapy",
    {
      "requirements.txt": "scrapy",
      "scrapy.cfg": "[settings]\ndefault = crawl.settings\n",
      "crawl/spiders/news.py": lines("import scrapy", "class News(scrapy.Spider):", '    name = "news"'),
    },
    { kind: "job", start: "scrapy crawl news" },
  ],
  [
    "pages of Shiny",
    { "requirements.txt": "shiny", "app.py": lines("from shiny import App, ui", "app = App(ui.page_fluid(), None)") },
    { framework: "shiny", start: "shiny run --host 0.0.0.0 --port ${PORT:-8000} app.py", port: 8000 },
  ],
  [
    "a function for a host",
    {
      "requirements.txt": "functions-framework",
      "main.py": lines(
        "import functions_framework",
        "@functions_framework.http",
        "def hello(request):",
        "    return 'x'",
      ),
    },
    { framework: "functions-framework", kind: "api", start: "functions-framework --target=hello", port: 8080 },
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
    "a library of the older form",
    { "setup.py": lines("from setuptools import setup", "setup(name='lib')"), "lib/__init__.py": "" },
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

test("of several scripts none is the program", () => {
  const guard = lines("if __name__ == '__main__':", "    print(1)");
  const values = valuesBy(pythonCollector, { "requirements.txt": "pandas", "clean.py": guard, "train.py": guard });
  expect(Object.keys(values)).not.toContain("start");
});

test("psycopg with its library, and celery that nobody uses", () => {
  const values = valuesBy(pythonCollector, { "requirements.txt": "psycopg[binary]\npillow\ncelery\n", ...MAIN });
  expect(Object.keys(values).filter((id) => /^(?:native|process)\./.test(id))).toEqual([]);
});

test("a game is no service", () => {
  expect(servicesIn({ "requirements.txt": "pygame\n", "main.py": "import pygame\nwhile True:\n    tick()\n" })).toEqual(
    {},
  );
});
