import type { MigrateSettings } from "../types.ts";
import { inFolder, libpqEnvironment, programOf, type Runner } from "./runner.ts";

/** `[X]  shop.0002_item_price`. */
const LINE = /^\[([ X])\]\s+(\w+\.\w+)/;

/** https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate; a migration is atomic on PostgreSQL. */
export const django: Runner = {
  tool: "django",
  detect: (files) => files.includes("manage.py"),
  transactional: true,
  ledgers: ["django_migrations"],
  list: (settings) => [...program(settings), "showmigrations", "--plan"],
  parse: ({ code, output }) =>
    code === 0
      ? output.split("\n").flatMap((line) => {
          const [, mark, id] = LINE.exec(line) ?? [];
          return id ? [{ id, applied: mark === "X" }] : [];
        })
      : undefined,
  apply: (settings, migrations, all) => {
    if (all) return [settings.command ?? [...program(settings), "migrate", "--noinput"]];
    // The plan's order respects what apps need of each other, so the last one of each app brings the others along.
    const last = new Map(migrations.map(({ id }) => splitName(id)));
    return [...last].map(([app, name]) => [...program(settings), "migrate", "--noinput", app, name]);
  },
  print: (settings, migrations) => migrations.map(({ id }) => [...program(settings), "sqlmigrate", ...splitName(id)]),
  environment: libpqEnvironment,
};

function program(settings: MigrateSettings): readonly string[] {
  return programOf(settings, {
    name: "manage.py",
    verb: "migrate",
    usual: ["python", inFolder(settings.path, "manage.py")],
  });
}

function splitName(id: string): [string, string] {
  const at = id.indexOf(".");
  return [id.slice(0, at), id.slice(at + 1)];
}
