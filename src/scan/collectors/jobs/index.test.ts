import { describe, expect, test } from "vitest";
import { collectOnly } from "../environment/testing.ts";
import { jobsCollector } from "./index.ts";

function jobs(files: Record<string, string>): string[] {
  return collectOnly(jobsCollector, { "package.json": "{}", ...files }).claims.map(({ fact, value, evidence }) => {
    const { name, schedule, command } = value as { name: string; schedule?: string; command: string | null };
    return [
      fact,
      name,
      ...(schedule === undefined ? [] : [schedule]),
      command ?? "inside",
      `:${evidence[0]?.line}`,
    ].join(" | ");
  });
}

const CASES: { title: string; files: Record<string, string>; expected: string[] }[] = [
  {
    title: "node-cron",
    files: {
      "src/cron.js": `cron.schedule("*/5 * * * *", cleanUp);\n// cron.schedule("1 1 1 1 1", old)\ncron.schedule('0 3 * * *', async () => {});`,
    },
    expected: ["cron | cleanUp | */5 * * * * | inside | :1", "cron | cron | 0 3 * * * | inside | :3"],
  },
  {
    title: "croner, cron and node-schedule",
    files: {
      "a.ts": `new Cron("0 0 * * *", nightly);\nnew CronJob("*/10 * * * * *", () => {});\nschedule.scheduleJob("mail", "0 9 * * 1-5", send);`,
    },
    expected: [
      "cron | nightly | 0 0 * * * | inside | :1",
      "cron | a | */10 * * * * * | inside | :2",
      "cron | mail | 0 9 * * 1-5 | inside | :3",
    ],
  },
  {
    title: "Nest",
    files: {
      "src/tasks.service.ts": `@Cron("45 * * * * *")\nasync handle() {}\n@Cron(CronExpression.EVERY_DAY_AT_2AM, { name: "x" })\nreport() {}\n@Cron(CronExpression.EVERY_HOUR)\nhourly() {}`,
    },
    expected: [
      "cron | handle | 45 * * * * * | inside | :1",
      "cron | report | 0 02 * * * | inside | :3",
      "cron | hourly | 0 0-23/1 * * * | inside | :5",
    ],
  },
  {
    title: "queues that repeat",
    files: {
      "q.ts": `await queue.upsertJobScheduler("digest", { pattern: "0 7 * * *" });\nawait queue.add("x", {}, { repeat: { pattern: "*/15 * * * *" } });\nawait boss.schedule("bill", "0 0 1 * *");`,
    },
    expected: [
      "cron | q | */15 * * * * | inside | :2",
      "cron | digest | 0 7 * * * | inside | :1",
      "cron | bill | 0 0 1 * * | inside | :3",
    ],
  },
  {
    title: "a schedule that is computed",
    files: { "a.js": "cron.schedule(process.env.SCHEDULE, run);" },
    expected: [],
  },
  {
    title: "tests and examples",
    files: { "test/a.test.js": `cron.schedule("* * * * *", x)`, "examples/a.js": `cron.schedule("* * * * *", x)` },
    expected: [],
  },
  {
    title: "Go",
    files: {
      "go.mod": "module x",
      "main.go": `package main\nfunc main() {\n\tc := cron.New()\n\tc.AddFunc("@every 1h", refresh)\n\tc.AddFunc("30 3 * * *", func() {})\n}`,
    },
    expected: ["cron | refresh | @every 1h | inside | :4", "cron | main | 30 3 * * * | inside | :5"],
  },
  {
    title: "Spring",
    files: {
      "src/main/java/Jobs.java": `class Jobs {\n  @Scheduled(cron = "0 0 2 * * *", zone = "UTC")\n  public void nightly() {}\n  @Scheduled(cron = "\${jobs.mail:0 */5 * * * *}")\n  void mail() {}\n  @Scheduled(fixedRate = 5000)\n  void often() {}\n}`,
    },
    expected: ["cron | nightly | 0 0 2 * * * | inside | :2", "cron | mail | 0 */5 * * * * | inside | :4"],
  },
  {
    title: "Hangfire and Quartz",
    files: {
      "Program.cs": `RecurringJob.AddOrUpdate("clean", () => Clean(), "0 4 * * *");\nRecurringJob.AddOrUpdate<Mailer>("mail", x => x.Send(), Cron.Daily);\nq.AddTrigger(t => t.WithCronSchedule("0 0/5 * * * ?"));`,
    },
    expected: [
      "cron | clean | 0 4 * * * | inside | :1",
      "cron | mail | 0 0 * * * | inside | :2",
      "cron | Program | 0 0/5 * * * ? | inside | :3",
    ],
  },
  {
    title: "Oban and Quantum",
    files: {
      "config/config.exs": `config :shop, Oban, plugins: [{Oban.Plugins.Cron, crontab: [{"0 * * * *", Shop.Hourly}, {"@daily", Shop.Daily, max_attempts: 1}]}]\nconfig :shop, Shop.Scheduler, jobs: [{"*/15 * * * *", {Shop.Sync, :run, []}}]`,
    },
    expected: [
      "cron | Shop.Hourly | 0 * * * * | inside | :1",
      "cron | Shop.Daily | @daily | inside | :1",
      "cron | Shop.Sync | */15 * * * * | inside | :2",
    ],
  },
  {
    title: "Rust",
    files: { "Cargo.toml": "", "src/main.rs": `fn main() { sched.add(Job::new_async("1/10 * * * * *", |u, l| {})); }` },
    expected: ["cron | main | 1/10 * * * * * | inside | :1"],
  },
  {
    title: "tables of cron",
    files: {
      crontab:
        "# m h\nMAILTO=x\n0 5 * * * cd /app && python manage.py clearsessions >> /var/log/x 2>&1\n@daily /app/backup.sh\n",
    },
    expected: [
      "cron | clearsessions | 0 5 * * * | cd /app && python manage.py clearsessions | :3",
      "cron | backup | @daily | /app/backup.sh | :4",
    ],
  },
  {
    title: "a worker that nothing loads",
    files: { "worker.js": `const { Worker } = require("bullmq");\nnew Worker("mail", send);`, "server.js": "listen()" },
    expected: ["process | worker | node worker.js | :2"],
  },
  {
    title: "a worker that is built",
    files: {
      "package.json": `{"scripts":{"build":"tsc"}}`,
      "tsconfig.json": `{"compilerOptions":{"outDir":"dist","rootDir":"src"}}`,
      "src/worker.ts": `import { Worker } from "bullmq";\nnew Worker("mail", send);`,
    },
    expected: ["process | worker | node dist/worker.js | :2"],
  },
  {
    title: "a worker that the server loads",
    files: { "worker.js": `new Worker("mail", send);`, "server.js": `require("./worker");` },
    expected: [],
  },
  {
    title: "a worker that a script starts is told with the scripts",
    files: { "package.json": `{"scripts":{"worker":"node worker.js"}}`, "worker.js": `new Worker("mail", send);` },
    expected: [],
  },
  { title: "a worker of the browser", files: { "public/worker.js": "self.onmessage = () => {}" }, expected: [] },
  {
    title: "jobs of one name",
    files: { "jobs/a.js": `cron.schedule("1 * * * *", run);`, "jobs/b.js": `cron.schedule("2 * * * *", run);` },
    expected: ["cron | run | 1 * * * * | inside | :1", "cron | run-2 | 2 * * * * | inside | :1"],
  },
];

describe("jobs", () => {
  test.each(CASES)("$title", ({ files, expected }) => {
    expect(jobs(files)).toEqual(expected);
  });
});
