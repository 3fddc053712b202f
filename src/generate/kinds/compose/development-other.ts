import { joinPath } from "../../../formats/tree.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { siteOf } from "../dockerfile/recipe.ts";
import { goProgram } from "../dockerfile/recipes/go.ts";
import { stepsOf } from "../dockerfile/recipes/python-packages.ts";
import { REBUILT, type Running } from "./running.ts";

/** Lists of what only developers need. */
const DEVELOPERS = ["-dev", "_dev", "-development", "/dev", "/development", "/local"].map(
  (end) => `requirements${end}.txt`,
);
const SERVERS = /^(?:uvicorn|gunicorn|fastapi run|flask run|hypercorn|sanic)\b/;
/** What a server that follows changes cannot have beside it. */
const AGAINST_RELOAD = /\s(?:--preload|--workers[ =]\S+|-w \d+)(?=\s|$)/g;

/** Python: the server of the framework, or what production runs, with the packages of developers. */
export function pythonProgram(line: string, service: PlannedService, plan: Plan, isServer: boolean): Running {
  const { framework, port } = service;
  const before = developerPackages(service, plan);
  const more = before === undefined ? {} : { before };
  if (isServer && framework === "django" && port !== null)
    return { command: `python manage.py runserver 0.0.0.0:${port}`, takes: "itself", ...more };
  if (/^streamlit\b/.test(line)) return { command: line, takes: "itself", ...more };
  if (!SERVERS.test(line) || /&&|;/.test(line)) return { command: line, takes: "restart", ...more };
  const command = `${line.replace(AGAINST_RELOAD, "")}${line.startsWith("flask") ? " --debug" : " --reload"}`;
  return { command, takes: "itself", ...more };
}

/** Installs what only developers need, as settings for development often load it; quick where it is there already. */
function developerPackages(service: PlannedService, plan: Plan): string | undefined {
  const site = siteOf(service, plan);
  const manifest = site.text(site.inService("pyproject.toml")) ?? "";
  const whole = (stepsOf(site).project ?? stepsOf(site).install)?.value;
  const line = typeof whole === "string" ? whole : "";
  if (/^\[dependency-groups\]|^\s*dev-dependencies\s*=/m.test(manifest) && line.startsWith("uv sync"))
    return line.replace(" --no-dev", "");
  if (/^\[tool\.poetry\.(?:group\.\w+\.|dev-)dependencies\]/m.test(manifest) && line.startsWith("poetry install"))
    return line.replace(" --only main", "");
  const file = DEVELOPERS.find((name) => plan.tree.has(joinPath(service.path, name) ?? name));
  return file === undefined ? undefined : `pip install --quiet -r ${file}`;
}

/** Jobs whose runner loads code anew for each of them while one works on it. */
const RELOADING_JOBS = /\b(?:sidekiq|good_job|solid_queue|bin\/jobs|delayed_job)\b/;

/** Ruby: gems of the development group are installed at the start, for the image has none of them. */
export function rubyProgram(line: string, { framework, port }: PlannedService, isServer: boolean): Running {
  const before = "bundle install --quiet";
  const isRails = framework === "rails";
  if (isServer && isRails && port !== null)
    return { command: `bundle exec rails server -b 0.0.0.0 -p ${port}`, takes: "itself", before };
  return { command: line, takes: isRails && RELOADING_JOBS.test(line) ? "itself" : "restart", before };
}

/** PHP reads its files for each request; what runs on keeps the code it began with. */
export function phpProgram(line: string | null, isServer: boolean): Running {
  if (isServer || line === null) return { command: undefined, takes: "itself" };
  if (/\bqueue:work\b/.test(line))
    return {
      command: line.replace("queue:work", "queue:listen").replace(/ --max-(?:jobs|time)[ =]\d+/g, ""),
      takes: "itself",
    };
  return { command: line, takes: /\bschedule:work\b/.test(line) ? "itself" : "restart" };
}

/** Go: compiled again at each start, with what the image compiled before it. */
export function goRunning(line: string | null, service: PlannedService, plan: Plan): Running {
  const { binary, build, start } = goProgram(siteOf(service, plan));
  const own = line === null || line === service.start ? start : line;
  const [first = "", ...words] = own.split(/\s+/);
  // Another program than the one that the image is made for.
  if (first.replace(/^.*\//, "") !== binary) return REBUILT;
  const program = `/tmp/${binary}`;
  return { before: build(program), command: [program, ...words].join(" "), takes: "restart" };
}
