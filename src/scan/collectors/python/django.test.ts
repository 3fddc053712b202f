import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;

/** What `django-admin startproject` writes, shortened. */
function project(name: string, settings: readonly string[] = [], folder = ""): Files {
  return {
    [`${folder}manage.py`]: lines(
      "#!/usr/bin/env python",
      "import os",
      `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "${name}.settings")`,
      "from django.core.management import execute_from_command_line",
    ),
    [`${folder}${name}/__init__.py`]: "",
    [`${folder}${name}/settings.py`]: lines(
      "INSTALLED_APPS = ['django.contrib.staticfiles']",
      `WSGI_APPLICATION = "${name}.wsgi.application"`,
      ...settings,
    ),
    [`${folder}${name}/wsgi.py`]:
      "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    [`${folder}${name}/asgi.py`]:
      "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
  };
}

const address = "0.0.0.0:${PORT:-8000}";

test.each<[string, Files, Record<string, unknown>]>([
  [
    "gunicorn by the settings",
    { ...project("shop", ["STATIC_ROOT = BASE_DIR / 'static'"]), "requirements.txt": "Django>=5,<6\ngunicorn\n" },
    {
      language: "Python",
      framework: "django",
      kind: "web",
      start: `gunicorn shop.wsgi:application --bind ${address}`,
      build: "python manage.py collectstatic --noinput",
      port: 8000,
    },
  ],
  [
    "settings in several files",
    {
      "requirements/base.txt": "django==5.0\n",
      "requirements/production.txt": "-r base.txt\ngunicorn==22\n",
      "requirements/local.txt": "-r base.txt\ndjango-debug-toolbar\n",
      "manage.py":
        'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")\nimport django\n',
      "config/__init__.py": "",
      "config/settings/__init__.py": "",
      "config/settings/base.py": lines(
        'WSGI_APPLICATION = "config.wsgi.application"',
        'STATIC_ROOT = "x"',
        'INSTALLED_APPS = ["django.contrib.staticfiles"]',
      ),
      "config/settings/local.py": "from .base import *\n",
      "config/wsgi.py": "application = get_wsgi_application()\n",
    },
    {
      start: `gunicorn config.wsgi:application --bind ${address}`,
      install: "pip install -r requirements/production.txt",
      build: "python manage.py collectstatic --noinput",
    },
  ],
  [
    "Channels with daphne",
    {
      ...project("chat", ['ASGI_APPLICATION = "chat.asgi.application"']),
      "requirements.txt": "django\nchannels[daphne]\n",
    },
    { start: "daphne -b 0.0.0.0 -p ${PORT:-8000} chat.asgi:application" },
  ],
  [
    "Channels with gunicorn and uvicorn",
    {
      ...project("chat", ['ASGI_APPLICATION = "chat.asgi.application"']),
      "requirements.txt": "django\nchannels\nuvicorn\ngunicorn\n",
    },
    { start: `gunicorn chat.asgi:application -k uvicorn.workers.UvicornWorker --bind ${address}` },
  ],
  [
    "asgi.py alone does not make it asynchronous",
    { ...project("shop"), "requirements.txt": "django\ngunicorn\nuvicorn\n" },
    { start: `gunicorn shop.wsgi:application --bind ${address}` },
  ],
  [
    "uvicorn alone",
    { ...project("shop"), "requirements.txt": "django\nuvicorn\n" },
    { start: "uvicorn shop.asgi:application --host 0.0.0.0 --port ${PORT:-8000}" },
  ],
  [
    "no server for production",
    { ...project("shop"), "requirements.txt": "django\n" },
    { start: `python manage.py runserver ${address}` },
  ],
  [
    "manage.py without a manifest",
    project("shop"),
    { language: "Python", framework: "django", start: `python manage.py runserver ${address}` },
  ],
  [
    "pages with Vite beside it",
    {
      ...project("shop", ["STATIC_ROOT = 'x'"]),
      "requirements.txt": "django\ngunicorn\n",
      "package.json": JSON.stringify({ scripts: { build: "vite build" }, devDependencies: { vite: "^5" } }),
      "package-lock.json": "{}",
    },
    {
      language: "Python",
      framework: "django",
      build: "npm ci && npm run build && python manage.py collectstatic --noinput",
    },
  ],
  [
    "the object of the settings has another name",
    {
      ...project("shop"),
      "shop/settings.py": 'INSTALLED_APPS = []\nWSGI_APPLICATION = "shop.server.app"\n',
      "requirements.txt": "django\ngunicorn\n",
    },
    { start: `gunicorn shop.server:app --bind ${address}` },
  ],
  [
    "Celery with a schedule in the database",
    {
      ...project("shop", ["INSTALLED_APPS += ['django_celery_beat']"]),
      "requirements.txt": "django\ngunicorn\ncelery[redis]\ndjango-celery-beat\n",
      "shop/celery.py": lines("from celery import Celery", 'app = Celery("shop")', "app.autodiscover_tasks()"),
    },
    {
      "process.worker": { name: "worker", command: "celery -A shop worker --loglevel=INFO" },
      "process.beat": {
        name: "beat",
        command: "celery -A shop beat --loglevel=INFO --scheduler django_celery_beat.schedulers:DatabaseScheduler",
      },
    },
  ],
  [
    "Celery of a project in a folder",
    {
      ...project("shop", [], "src/"),
      "requirements.txt": "django\ngunicorn\ncelery[redis]\n",
      "src/shop/celery.py": lines("from celery import Celery", 'app = Celery("shop")'),
    },
    { "process.worker": { name: "worker", command: "celery --workdir src -A shop worker --loglevel=INFO" } },
  ],
  [
    "tests of Django itself",
    { ...project("shop"), "requirements.txt": "django\n", "store/tests.py": "from django.test import TestCase\n" },
    { test: "python manage.py test" },
  ],
  [
    "CRLF and a byte order mark",
    {
      ...project("shop"),
      "requirements.txt": "\uFEFFDjango==5.0\r\ngunicorn==22.0\r\n",
      "shop/settings.py": '\uFEFFINSTALLED_APPS = []\r\nWSGI_APPLICATION = "shop.wsgi.application"\r\n',
    },
    { framework: "django", start: `gunicorn shop.wsgi:application --bind ${address}` },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(pythonCollector, files)).toMatchObject(expected);
});

test.each<[string, Files]>([
  [
    "a manage.py of Flask",
    {
      "requirements.txt": "flask\nflask-script",
      "manage.py": "from flask_script import Manager\nmanager = Manager(app)\n",
    },
  ],
  [
    "a library for Django",
    {
      "setup.py": "setup(name='django-x', install_requires=['django'])",
      "django_x/models.py": "from django.db import models",
    },
  ],
  [
    "settings only of the tests",
    {
      "pyproject.toml": "[project]\nname='django-y'\ndependencies=['django']\n",
      "tests/settings.py": "INSTALLED_APPS = []",
      "django_y/apps.py": "x = 1",
    },
  ],
])("%s is no project of Django", (_, files) => {
  expect(valuesBy(pythonCollector, files)).not.toHaveProperty("framework");
});

test("a folder of the unit is where it runs", () => {
  const files = { ...project("shop", [], "site/"), "requirements.txt": "django\ngunicorn\n" };
  expect(valuesBy(pythonCollector, files, "site")).toMatchObject({
    framework: "django",
    start: `gunicorn shop.wsgi:application --bind ${address}`,
  });
});
