import { folderOf } from "../../../formats/tree.ts";
import { type Candidate, type Ground, shallowest } from "./candidate.ts";

/** Django, Alembic, Flask-Migrate, Aerich, yoyo, Piccolo. */
export function pythonMigrations(ground: Ground): Candidate[] {
  return [...django(ground), ...alembic(ground), ...others(ground)];
}

function django({ inside, at, needs, view }: Ground): Candidate[] {
  const manage = shallowest(inside.filter((path) => /(?:^|\/)manage\.py$/.test(path)));
  if (manage === undefined || !/django/i.test(view.snapshot.text(at(manage)) ?? "")) return [];
  const migration = inside.find((path) => /(?:^|\/)migrations\/0001_\w+\.py$/.test(path));
  const settings = inside.find(
    (path) => path.endsWith(".py") && /^DATABASES\b/m.test(view.snapshot.text(at(path)) ?? ""),
  );
  if (migration === undefined && settings === undefined) return [];
  const verb = needs("pypi", "django-tenants", "django-tenant-schemas") ? "migrate_schemas" : "migrate";
  const command = `python ${manage} ${verb} --noinput`;
  return [
    { tool: "django", command, confidence: needs("pypi", "django") ? 0.95 : 0.85, file: at(migration ?? manage) },
  ];
}

function alembic({ inside, at, needs, view }: Ground): Candidate[] {
  const settings = shallowest(
    inside.filter((path) => /(?:^|\/)alembic\.ini$/.test(path) && !/(?:^|\/)tests?\//.test(path)),
  );
  const flask = needs("pypi", "flask-migrate");
  const environment = inside.find(
    (path) => /(?:^|\/)env\.py$/.test(path) && /\bcurrent_app\b/.test(view.snapshot.text(at(path)) ?? ""),
  );
  const revision = inside.find(
    (path) =>
      /(?:^|\/)versions\/[^/]+\.py$/.test(path) && /^[^\S\n]*down_revision\b/m.test(view.snapshot.text(at(path)) ?? ""),
  );
  if (flask || environment !== undefined) {
    if (revision === undefined && environment === undefined) return [];
    return [
      { tool: "flask-migrate", command: "flask db upgrade", confidence: 0.9, file: at(environment ?? revision ?? "") },
    ];
  }
  if (settings === undefined) {
    const isInProject = /^\[tool\.alembic\]/m.test(view.snapshot.text(at("pyproject.toml")) ?? "");
    return isInProject && revision !== undefined
      ? [{ tool: "alembic", command: "alembic upgrade head", confidence: 0.9, file: at("pyproject.toml") }]
      : [];
  }
  const command = settings.includes("/") ? `alembic -c ${settings} upgrade head` : "alembic upgrade head";
  return [{ tool: "alembic", command, confidence: revision === undefined ? 0.7 : 0.95, file: at(settings) }];
}

function others({ inside, at, needs, view }: Ground): Candidate[] {
  const found: Candidate[] = [];
  const aerich = needs("pypi", "aerich");
  const isAerich =
    /^\[tool\.aerich\]/m.test(view.snapshot.text(at("pyproject.toml")) ?? "") || inside.includes("aerich.ini");
  if (aerich && isAerich)
    found.push({ tool: "aerich", command: "aerich upgrade", confidence: 0.9, file: at("pyproject.toml") });
  if (needs("pypi", "yoyo-migrations") && inside.includes("yoyo.ini"))
    found.push({ tool: "yoyo", command: "yoyo apply --batch", confidence: 0.9, file: at("yoyo.ini") });
  const piccolo = inside.find((path) => /(?:^|\/)piccolo_migrations\/[^/]+\.py$/.test(path));
  if (needs("pypi", "piccolo") && piccolo !== undefined)
    found.push({
      tool: "piccolo",
      command: "piccolo migrations forwards all",
      confidence: 0.9,
      file: at(folderOf(piccolo)),
    });
  return found;
}
