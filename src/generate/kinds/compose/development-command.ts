import { recordAt, stringAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { joinPath, type Tree } from "../../../formats/tree.ts";
import type { PlannedService } from "../../plan.ts";

const SCRIPTS = ["dev", "start:dev", "develop", "watch"];

/** What a framework offers for working on it; the port comes from outside. */
const COMMANDS: Record<string, (port: number) => string> = {
  django: (port) => `python manage.py runserver 0.0.0.0:${port}`,
  rails: (port) => `bundle exec rails server -b 0.0.0.0 -p ${port}`,
  laravel: (port) => `php artisan serve --host 0.0.0.0 --port ${port}`,
  phoenix: () => "mix phx.server",
};

/** The command of a service that follows changes of its sources; undefined where none is known, and the image runs as it is. */
export function developmentCommand(
  { runtime, framework, path, packageManager, port, start }: PlannedService,
  tree: Tree,
): string | undefined {
  if (["node", "bun"].includes(runtime.name)) {
    const scripts = recordAt(parseJson(tree.text(joinPath(path, "package.json") ?? "") ?? "{}").value, ["scripts"]);
    const script = SCRIPTS.find((name) => stringAt(scripts, [name]) !== undefined);
    return script && `${packageManager ?? "npm"} run ${script}`;
  }
  const known = COMMANDS[framework ?? ""];
  if (known) return known(port ?? 8000);
  if (start?.startsWith("uvicorn ")) return `${start} --reload`;
  if (framework === "flask" && start?.startsWith("flask ")) return `${start} --debug`;
  return undefined;
}
