import { baseOf, extensionOf, isIn, joinPath } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { type Hit, searchCode } from "../../search.ts";
import { scriptCommand } from "./command.ts";
import type { DjangoProject } from "./django.ts";
import { mentions } from "./django.ts";
import { importers, moduleIn, moduleOf, relative } from "./imports.ts";
import { askedAt, type PythonProject } from "./project.ts";

/** A program beside the one that serves: it takes jobs, or starts them by the clock. */
export interface Process {
  name: string;
  command: string;
  confidence: number;
  at: Evidence[];
}

const SCHEDULES =
  /\bbeat_schedule\b|\bCELERY_BEAT_SCHEDULE\b|\bCELERYBEAT_SCHEDULE\b|\badd_periodic_task\b|\bperiodic_task\b/g;

/** Workers and schedulers of the task queues that the project asks for and uses. */
export function findProcesses(project: PythonProject, django: DjangoProject | undefined): Process[] {
  return [celery, rq, dramatiq, huey, arq, taskiq, procrastinate, djangoQueues].flatMap((find) =>
    find(project, django),
  );
}

type Find = (project: PythonProject, django: DjangoProject | undefined) => Process[];

const celery: Find = (project, django) => {
  const { view } = project;
  const declared = project.needs("celery");
  const files = importers(view, ["celery"]);
  if (!declared && files.length === 0) return [];
  const named = view.sources.filter((file) => /celery/i.test(file) && extensionOf(file) === "py");
  const made = searchCode(
    view,
    /^([ \t]*)(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*(?:(?:\w+\.)?Celery|make_celery|create_celery\w*|celery_init_app)[ \t]*\(/gm,
    { files: [...new Set([...files, ...named])], of: "bare" },
  );
  const extension = searchCode(view, /^(\w+)[ \t]*=[ \t]*(?:\w+\.)?extensions\[["']celery["']\]/gm, {
    extensions: ["py"],
  });
  const best = [...made.filter(({ match }) => match[1] === ""), ...extension].sort(byPath)[0];
  if (!declared && !best) return [];
  if (!best) {
    if (declared && files.length > 0)
      view.miss("process", "Celery is used, and no application object of it was found", askedAt(project, declared));
    return [];
  }
  const app = celeryName(project, django, best);
  const at = [view.seen(best.file, best.place, "celery"), ...(declared ? [askedAt(project, declared)] : [])];
  const worker = {
    name: "worker",
    command: `celery ${app} worker --loglevel=INFO`,
    confidence: declared ? 0.8 : 0.6,
    at,
  };
  const stored = project.needs("django-celery-beat");
  const [schedule] = searchCode(view, SCHEDULES, { extensions: ["py"], of: "bare" });
  const isStored = stored !== undefined && (!django || mentions(project, django, "django_celery_beat"));
  if (!schedule && !isStored) return [worker];
  const scheduler = isStored ? " --scheduler django_celery_beat.schedulers:DatabaseScheduler" : "";
  const beatAt = schedule
    ? view.seen(schedule.file, schedule.place, "celery-beat")
    : askedAt(project, stored as NonNullable<typeof stored>);
  return [
    worker,
    { name: "beat", command: `celery ${app} beat --loglevel=INFO${scheduler}`, confidence: 0.75, at: [beatAt, ...at] },
  ];
};

/** Celery finds `app` and `celery` of a module, and the module `celery` of a package, by itself. */
function celeryName(project: PythonProject, django: DjangoProject | undefined, { file, match }: Hit): string {
  const { view, isInstalled } = project;
  const isManaged = django !== undefined && isIn(file, joinPath(view.unit.path, django.root) as string);
  const { root, module } = isManaged ? moduleIn(view, file, django.root) : moduleOf(view, file, isInstalled);
  const name = match.length > 2 ? (match[2] as string) : (match[1] as string);
  const isFound = ["app", "celery"].includes(name);
  const short = module.replace(/\.celery$/, "");
  const target = !isFound ? `${module}.${name}` : short !== module && short !== "" ? short : module;
  return `${root === "." ? "" : `--workdir ${root} `}-A ${target}`;
}

const rq: Find = (project, django) => {
  if (project.needs("django-rq") && django?.manage)
    return managed(project, django, "worker", "rqworker default", "django-rq");
  const declared = project.needs("rq");
  const { view } = project;
  if (!declared) return [];
  const own = searchCode(view, /\bWorker\([^)]*\)(?:[^\n]*\n){0,4}?[^\n]*\.work\(/g, {
    files: importers(view, ["rq"]),
    of: "bare",
  })[0];
  if (own)
    return [
      {
        name: "worker",
        command: scriptCommand(project, own.file),
        confidence: 0.75,
        at: [view.seen(own.file, own.place, "rq")],
      },
    ];
  const queue = searchCode(view, /\bQueue\(\s*(?:["']([\w-]+)["'])?/g, { files: importers(view, ["rq"]) })[0];
  if (!queue) return [];
  const at = [view.seen(queue.file, queue.place, "rq"), askedAt(project, declared)];
  return [{ name: "worker", command: `rq worker${queue.match[1] ? ` ${queue.match[1]}` : ""}`, confidence: 0.7, at }];
};

const dramatiq: Find = (project, django) => {
  if (project.needs("django-dramatiq") && django?.manage)
    return managed(project, django, "worker", "rundramatiq", "django-dramatiq");
  const declared = project.needs("dramatiq");
  const actors = declared
    ? searchCode(project.view, /^[ \t]*@(?:dramatiq\.)?actor\b/gm, { extensions: ["py"], of: "bare" })
    : [];
  const modules = [...new Set(actors.map(({ file }) => moduleOf(project.view, file, project.isInstalled).module))];
  return modules.length === 0
    ? []
    : [fromHit(project, "worker", `dramatiq ${modules.join(" ")}`, actors[0] as Hit, "dramatiq")];
};

const huey: Find = (project, django) => {
  const { view } = project;
  if (!project.needs("huey")) return [];
  if (django?.manage && mentions(project, django, "huey.contrib.djhuey"))
    return managed(project, django, "worker", "run_huey", "huey");
  return objectOf(
    project,
    /^(\w+)[ \t]*=[ \t]*(?:huey\.)?\w*Huey\(/gm,
    importers(view, ["huey"]),
    "huey",
    (at) => `huey_consumer ${at(".")}`,
  );
};

const arq: Find = (project) => {
  if (!project.needs("arq")) return [];
  const found = searchCode(
    project.view,
    /^class[ \t]+(\w*Settings)\b[^\n]*:(?:\n(?:[ \t]+[^\n]*)?)*?\n[ \t]+(?:functions|cron_jobs)\b/gm,
    {
      extensions: ["py"],
      of: "bare",
    },
  )[0];
  if (!found) return [];
  const { module } = moduleOf(project.view, found.file, project.isInstalled);
  return [fromHit(project, "worker", `arq ${module}.${found.match[1]}`, found, "arq")];
};

const taskiq: Find = (project) =>
  project.needs("taskiq")
    ? objectOf(
        project,
        /^(\w*broker\w*)[ \t]*(?::[^=\n]+)?=[ \t]*\(?[ \t\n]*(?:\w+\.)?\w*Broker\(/gm,
        importers(project.view, ["taskiq", "taskiq_redis", "taskiq_aio_pika", "taskiq_nats"]),
        "taskiq",
        (at) => `taskiq worker ${at(":")}`,
      )
    : [];

const procrastinate: Find = (project, django) => {
  if (!project.needs("procrastinate")) return [];
  if (django?.manage) return managed(project, django, "worker", "procrastinate worker", "procrastinate");
  return objectOf(
    project,
    /^(\w+)[ \t]*=[ \t]*(?:procrastinate\.)?App\(/gm,
    importers(project.view, ["procrastinate"]),
    "procrastinate",
    (at) => `procrastinate --app=${at(".")} worker`,
  );
};

const djangoQueues: Find = (project, django) => {
  if (!django?.manage) return [];
  const has = (app: string) => mentions(project, django, app);
  if (project.needs("django-q", "django-q2") && has("django_q"))
    return managed(project, django, "worker", "qcluster", "django-q", "django-q2");
  if (project.needs("django-tasks", "django-tasks-db") && has("DatabaseBackend"))
    return managed(project, django, "worker", "db_worker", "django-tasks", "django-tasks-db");
  return [];
};

function managed(
  project: PythonProject,
  { manage }: DjangoProject,
  name: string,
  task: string,
  ...packages: string[]
): Process[] {
  const declared = project.needs(...packages);
  if (!declared || manage === undefined) return [];
  const command = `python ${relative(manage, project.view.unit.path)} ${task}`;
  return [{ name, command, confidence: 0.75, at: [askedAt(project, declared)] }];
}

/** A worker that is told which object of which module it works for. */
function objectOf(
  project: PythonProject,
  pattern: RegExp,
  files: readonly string[],
  rule: string,
  command: (at: (joint: "." | ":") => string) => string,
): Process[] {
  const hit = searchCode(project.view, pattern, { files, of: "bare" }).sort(byPath)[0];
  if (!hit) return [];
  const { module } = moduleOf(project.view, hit.file, project.isInstalled);
  return [
    fromHit(
      project,
      "worker",
      command((joint) => `${module}${joint}${hit.match[1]}`),
      hit,
      rule,
    ),
  ];
}

function fromHit({ view }: PythonProject, name: string, command: string, { file, place }: Hit, rule: string): Process {
  return { name, command, confidence: 0.75, at: [view.seen(file, place, rule)] };
}

/** Near the root first, a file called after the queue before others. */
function byPath(a: Hit, b: Hit): number {
  const weight = ({ file }: Hit) =>
    file.split("/").length * 2 - (/celery|worker|queue|broker/.test(baseOf(file)) ? 3 : 0);
  return weight(a) - weight(b) || (a.file < b.file ? -1 : 1);
}

/** A file that only waits for the clock: `clock.py` with a scheduler that blocks. */
export function findClock(project: PythonProject): Process[] {
  const { view } = project;
  const hit = searchCode(view, /\bBlockingScheduler\(/g, { files: importers(view, ["apscheduler"]), of: "bare" })[0];
  return hit ? [fromHit(project, "clock", scriptCommand(project, hit.file), hit, "clock")] : [];
}
