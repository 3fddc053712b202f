import { extensionOf } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { askedAt, hitsOf, type RubyProject } from "./project.ts";

/** A program beside the one that serves. */
interface Process {
  name: string;
  command: string;
  confidence: number;
  at: Evidence[];
}

interface Queue {
  gems: readonly string[];
  /** Files and code that show that it is used. */
  files: readonly string[];
  use: RegExp;
  name?: string;
  command(project: RubyProject): string;
}

const QUEUES: readonly Queue[] = [
  {
    gems: ["sidekiq", "sidekiq-pro", "sidekiq-ent"],
    files: ["config/sidekiq.yml", "config/initializers/sidekiq.rb"],
    use: /\bSidekiq(?:::(?:Worker|Job|Client|Web)\b|\.configure)|queue_adapter\s*=\s*:sidekiq\b/g,
    command: ({ file }) =>
      `bundle exec sidekiq${file("config/sidekiq.yml") === undefined ? "" : " -C config/sidekiq.yml"}`,
  },
  {
    gems: ["good_job"],
    files: ["config/initializers/good_job.rb"],
    use: /queue_adapter\s*=\s*:good_job\b/g,
    command: () => "bundle exec good_job start",
  },
  {
    gems: ["solid_queue"],
    files: ["config/queue.yml", "config/solid_queue.yml"],
    use: /queue_adapter\s*=\s*:solid_queue\b/g,
    command: ({ file }) => (file("bin/jobs") === undefined ? "bundle exec rake solid_queue:start" : "bin/jobs"),
  },
  {
    gems: ["resque"],
    files: ["config/initializers/resque.rb", "lib/tasks/resque.rake"],
    use: /queue_adapter\s*=\s*:resque\b|\bResque\.enqueue\b|^[^\S\n]*@queue\s*=/gm,
    command: () => "QUEUE=* bundle exec rake resque:work",
  },
  {
    gems: ["delayed_job", "delayed_job_active_record", "delayed_job_mongoid"],
    files: ["config/initializers/delayed_job.rb", "config/initializers/delayed_job_config.rb", "bin/delayed_job"],
    use: /queue_adapter\s*=\s*:delayed_job\b|\.delay\b|\bhandle_asynchronously\b/g,
    command: () => "bundle exec rake jobs:work",
  },
  { gems: ["que"], files: [], use: /<\s*Que::Job\b|queue_adapter\s*=\s*:que\b/g, command: () => "bundle exec que" },
  {
    gems: ["shoryuken"],
    files: ["config/shoryuken.yml"],
    use: /\bShoryuken::Worker\b|queue_adapter\s*=\s*:shoryuken\b/g,
    command: ({ file }) =>
      `bundle exec shoryuken -R${file("config/shoryuken.yml") === undefined ? "" : " -C config/shoryuken.yml"}`,
  },
  {
    gems: ["karafka"],
    files: ["karafka.rb"],
    use: /<\s*Karafka::App\b/g,
    name: "consumer",
    command: () => "bundle exec karafka server",
  },
  {
    gems: ["clockwork"],
    files: ["clock.rb", "config/clock.rb", "lib/clock.rb"],
    use: /\bClockwork\b/g,
    name: "clock",
    command: ({ file }) =>
      `bundle exec clockwork ${["clock.rb", "config/clock.rb", "lib/clock.rb"].find((path) => file(path) !== undefined) ?? "clock.rb"}`,
  },
];

/** The workers of the job queues that a project asks for and uses; Rails uses one that it is told of. */
export function findProcesses(project: RubyProject): Process[] {
  const { view } = project;
  return QUEUES.flatMap((queue): Process[] => {
    const declared = project.needs(...queue.gems);
    if (!declared || runsInside(project, queue)) return [];
    const file = queue.files.map((path) => project.file(path)).find((path) => path !== undefined);
    const [hit] = searchCode(view, queue.use, { files: view.sources.filter((path) => extensionOf(path) === "rb") });
    if (file === undefined && !hit) {
      view.miss("process", `the gem ${declared.name} is there, and nothing uses it`, askedAt(project, declared));
      return [];
    }
    const used = hit ? view.seen(hit.file, hit.place, declared.name) : view.seen(file as string, 1, declared.name);
    const command = queue.command(project);
    return [{ name: queue.name ?? "worker", command, confidence: 0.8, at: [used, askedAt(project, declared)] }];
  });
}

/** Jobs that the web server takes itself. */
function runsInside(project: RubyProject, { gems }: Queue): boolean {
  if (gems.includes("solid_queue"))
    return hitsOf(project, "config/puma.rb", /^[ \t]*plugin\s+:solid_queue\s*$/gm).length > 0;
  if (!gems.includes("good_job")) return false;
  const settings = ["config/initializers/good_job.rb", "config/application.rb", "config/environments/production.rb"];
  return settings.some((file) => hitsOf(project, file, /\bexecution_mode\s*=\s*:async(?:_server|_all)?\b/g).length > 0);
}
