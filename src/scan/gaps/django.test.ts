import { describe, expect, test } from "vitest";
import { memoryFiles } from "../files.ts";
import { scan } from "../scan.ts";

const SITE = {
  "requirements.txt": "Django==5.2.8\ngunicorn==23.0.0\n",
  "manage.py":
    'import os\nimport sys\nfrom django.core.management import execute_from_command_line\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\nexecute_from_command_line(sys.argv)\n',
  "shop/__init__.py": "",
  "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
};

function gaps(settings: Record<string, string>): string[] {
  return scan(memoryFiles({ ...SITE, ...settings }))
    .gaps.filter(({ id }) => id === "no-hosts" || id === "debug-on")
    .map(({ id, evidence: [at] }) => `${id} ${at?.file}:${at?.line}`);
}

describe("settings of Django", () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      "as startproject leaves them",
      { "shop/settings.py": "import os\n\nDEBUG = True\n\nALLOWED_HOSTS = []\n" },
      ["no-hosts shop/settings.py:5", "debug-on shop/settings.py:3"],
    ],
    [
      "of this machine only",
      { "shop/settings.py": 'ALLOWED_HOSTS = ["localhost", "127.0.0.1"]\n' },
      ["no-hosts shop/settings.py:1"],
    ],
    [
      "from the environment",
      { "shop/settings.py": 'DEBUG = env.bool("DEBUG", False)\nALLOWED_HOSTS = env.list("HOSTS")\n' },
      [],
    ],
    ["added to", { "shop/settings.py": 'ALLOWED_HOSTS = []\nALLOWED_HOSTS += os.environ["HOSTS"].split(",")\n' }, []],
    [
      "set by production",
      {
        "shop/settings/base.py": "DEBUG = True\nALLOWED_HOSTS = []\n",
        "shop/settings/production.py": 'from .base import *\nDEBUG = False\nALLOWED_HOSTS = ["shop.test"]\n',
      },
      [],
    ],
    ["in debug mode for development", { "shop/settings/local.py": "DEBUG = True\nALLOWED_HOSTS = []\n" }, []],
  ])("%s", (_, settings, expected) => expect(gaps(settings)).toEqual(expected));
});
