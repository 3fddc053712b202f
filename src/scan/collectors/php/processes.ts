import { recordAt, stringAt } from "../../../formats/document.ts";
import { parseDotenv } from "../../../formats/dotenv.ts";
import type { Evidence } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import type { FrameworkUse } from "./framework.ts";
import { askedAt, entries, type PhpProject } from "./project.ts";

/** A program beside the one that serves. */
interface Process {
  name: string;
  command: string;
  confidence: number;
  at: Evidence[];
}

/** The workers and the scheduler of Laravel and Symfony, where the code gives them something to do. */
export function findProcesses(project: PhpProject, use: FrameworkUse | undefined): Process[] {
  if (use?.id === "laravel" || use?.id === "lumen")
    return [...laravelWorker(project), ...laravelSchedule(project), ...reverb(project)];
  return use?.id === "symfony" ? messenger(project) : [];
}

function laravelWorker(project: PhpProject): Process[] {
  const { view } = project;
  const horizon = project.needs("laravel/horizon");
  if (horizon)
    return [{ name: "worker", command: "php artisan horizon", confidence: 0.8, at: [askedAt(project, horizon)] }];
  const [queued] = searchCode(view, /\bimplements\b[^{;]*\bShouldQueue\b/g, { files: entries(view), of: "bare" });
  if (!queued) return [];
  const connection = sampleConnection(project);
  if (connection === "sync") {
    view.miss(
      "process",
      "jobs are queued, and QUEUE_CONNECTION is sync",
      view.seen(queued.file, queued.place, "queue"),
    );
    return [];
  }
  return [
    {
      name: "worker",
      command: "php artisan queue:work",
      confidence: 0.75,
      at: [view.seen(queued.file, queued.place, "queue")],
    },
  ];
}

/** What the sample of the environment says of the queue. */
function sampleConnection({ view, file }: PhpProject): string | undefined {
  const sample = file(".env.example");
  const entry = parseDotenv(sample === undefined ? "" : (view.snapshot.text(sample) ?? "")).find(({ key }) =>
    ["QUEUE_CONNECTION", "QUEUE_DRIVER"].includes(key),
  );
  return entry?.value;
}

function laravelSchedule({ view, file }: PhpProject): Process[] {
  const files = ["app/Console/Kernel.php", "routes/console.php", "bootstrap/app.php"].flatMap(
    (path) => file(path) ?? [],
  );
  const task =
    /\$schedule\s*->\s*(?:command|job|call|exec)\b|\bSchedule::(?:command|job|call|exec)\b|->\s*(?:hourly|daily|weekly|everyMinute|cron)\w*\(/g;
  const [hit] = searchCode(view, task, { files, of: "bare" });
  return hit
    ? [
        {
          name: "scheduler",
          command: "php artisan schedule:work",
          confidence: 0.75,
          at: [view.seen(hit.file, hit.place, "schedule")],
        },
      ]
    : [];
}

function reverb(project: PhpProject): Process[] {
  const declared = project.needs("laravel/reverb");
  const command = "php artisan reverb:start --host=0.0.0.0 --port=${PORT:-8080}";
  return declared ? [{ name: "websocket", command, confidence: 0.7, at: [askedAt(project, declared)] }] : [];
}

function messenger(project: PhpProject): Process[] {
  const { view } = project;
  const declared = project.needs("symfony/messenger", "symfony/symfony");
  const file = project.file("config/packages/messenger.yaml") ?? project.file("config/packages/messenger.yml");
  if (!declared || file === undefined) return [];
  const document = view.snapshot.yaml(file);
  const path = ["framework", "messenger", "transports"];
  const transports = Object.entries(recordAt(document.value, path))
    .filter(
      ([name, value]) =>
        name !== "failed" &&
        name !== "sync" &&
        !/^(?:sync|in-memory):/.test(stringAt(value) ?? stringAt(value, ["dsn"]) ?? ""),
    )
    .map(([name]) => name);
  if (transports.length === 0) return [];
  const at = [view.seenAt(file, document, [...path, transports[0] as string], "messenger"), askedAt(project, declared)];
  return [
    { name: "worker", command: `php bin/console messenger:consume ${transports.join(" ")}`, confidence: 0.75, at },
  ];
}
