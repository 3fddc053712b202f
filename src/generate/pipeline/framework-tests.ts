import { joinPath } from "../../formats/tree.ts";
import type { Plan, PlannedService } from "../plan.ts";
import { storePart } from "../store-parts.ts";

/** The tests of a framework that has more to ask than its tests, or needs something for them; null where the command is as good alone. */
export function frameworkTests(service: PlannedService, plan: Plan): string | null {
  if (service.framework === "django") return django(service, plan);
  if (service.framework === "laravel") return laravel(service, plan);
  return null;
}

/** The settings as production has them, models without a migration, tests. */
function django(service: PlannedService, plan: Plan): string | null {
  const { path, test, migrations } = service;
  const named = /^python3? (\S*manage\.py)\b/.exec(
    [migrations?.command, test].find((one) => one?.includes("manage.py")) ?? "",
  );
  const manage = named?.[1] ?? "manage.py";
  if (!plan.tree.has(joinPath(path, manage) ?? manage)) return null;
  return [
    ...settings(service, plan),
    `python ${manage} check --deploy`,
    `python ${manage} makemigrations --check --dry-run`,
    test ?? `python ${manage} test`,
  ].join(" && ");
}

/** Settings are read when they are imported: one without a value would end every command. */
function settings({ env }: PlannedService, { stores }: Plan): string[] {
  const open = env.filter(
    (variable) =>
      variable.required &&
      variable.phase === "run" &&
      variable.class !== "provided" &&
      variable.store === null &&
      !storePart(variable, stores),
  );
  const given = open.map(({ name, class: kind, default: sample }) => {
    const value = kind === "secret" || sample === null || !/^[\w.,:/@-]+$/.test(sample) ? standIn(name) : sample;
    return `${name}=${value}`;
  });
  return given.length > 0 ? [`export ${given.join(" ")}`] : [];
}

/** A value of the form that a name asks for. */
function standIn(name: string): string {
  if (/^(?:DEBUG|USE_|IS_|ENABLE_)|_(?:DEBUG|ENABLED|TLS|SSL)$/.test(name)) return "false";
  if (/_(?:URL|URI|ENDPOINT|ORIGIN|ORIGINS)$/.test(name)) return "http://localhost";
  if (/(?:^|_)(?:PORT|TTL|TIMEOUT|SECONDS|COUNT|SIZE|LIMIT|DAYS)$/.test(name)) return "1";
  return /HOSTS?$/.test(name) ? "localhost" : "unused";
}

/** Without its file of settings an application has no key, and refuses requests. */
function laravel({ path, test }: PlannedService, { tree }: Plan): string | null {
  const sample = ".env.example";
  if (test === null || !tree.has(joinPath(path, sample) ?? sample) || !tree.has(joinPath(path, "artisan") ?? "artisan"))
    return null;
  return `cp ${sample} .env && php artisan key:generate && ${test}`;
}
