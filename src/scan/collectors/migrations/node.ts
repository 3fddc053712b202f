import { stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf } from "../../../formats/tree.ts";
import { NODE_TOOLS, type NodeTool, OWN_RUNNERS } from "../../tables/migrations.ts";
import { builtPath } from "../javascript/built.ts";
import { expandLine } from "../javascript/commands/expand.ts";
import { fileOf } from "../javascript/commands/launch.ts";
import { commandText, type Step } from "../javascript/commands/step.ts";
import { manifestIn } from "../javascript/manifest.ts";
import { projectOf } from "../javascript/project.ts";
import { type Candidate, type Ground, RUNS_INSIDE, shallowest } from "./candidate.ts";

const FOR_PEOPLE =
  /(?:^|[:_-])(?:dev|local|test|tests|watch|undo|down|revert|rollback|reset|fresh|create|new|make|generate|gen|status|drop|seed|docker)(?:$|[:_-])/i;
const FOR_PRODUCTION = /(?:^|[:_-])(?:prod|production|deploy|release|ci)(?:$|[:_-])/i;
/** Programs that are no packages of the project. */
const ON_PATH = /^(?:node|bun|deno|sh|bash|cd)$/;

/** Migrations of packages of JavaScript: what a script does goes before what the tool's documentation says. */
export function nodeMigrations(ground: Ground): Candidate[] {
  const manifest = manifestIn(ground.view.snapshot, ground.site.folder);
  if (!manifest) return [];
  return [
    ...prisma(ground),
    ...NODE_TOOLS.flatMap((tool) => ofTool(ground, tool)),
    ...typeorm(ground),
    ...ownPrograms(ground),
  ];
}

/** Scripts that come down to a command, those for production first, with the command as it is typed. */
function scripted(ground: Ground, fits: (words: string, step: Step) => boolean): { name: string; command: string }[] {
  const { view, site } = ground;
  const scripts = manifestIn(view.snapshot, site.folder)?.scripts ?? new Map<string, string>();
  return [...scripts]
    .filter(([name]) => !FOR_PEOPLE.test(name))
    .sort(([a], [b]) => Number(FOR_PRODUCTION.test(b)) - Number(FOR_PRODUCTION.test(a)))
    .flatMap(([name, line]) =>
      expandLine(view.snapshot, line, site.folder)
        .filter((step) => fits(step.argv.join(" "), step))
        .filter(
          ({ argv, env }) => !/\b(?:development|test)\b/.test([...argv, ...env.map(([, value]) => value)].join(" ")),
        )
        .map((step) => ({ name, command: typed(ground, step) })),
    );
}

/** A program of the project's packages is called through the package manager. */
function typed(ground: Ground, step: Step): string {
  const [program = "", ...rest] = step.argv;
  const isOwn = ON_PATH.test(program) || program.startsWith(".");
  return commandText(
    { ...step, argv: isOwn ? [program, ...rest] : [caller(ground), program, ...rest] },
    ground.site.folder,
  );
}

function caller({ view, at }: Ground): string {
  return ["bun.lock", "bun.lockb"].some((base) => view.snapshot.has(at(base))) ? "bunx" : "npx";
}

function script({ view, site }: Ground, name: string): Pick<Candidate, "file" | "place"> {
  const manifest = manifestIn(view.snapshot, site.folder);
  return { file: manifest?.file ?? site.folder, place: manifest?.document.place(["scripts", name]) };
}

function prisma(ground: Ground): Candidate[] {
  const { view, inside, at, needs } = ground;
  const used = needs("npm", "prisma", "@prisma/client");
  const schema = shallowest(
    inside.filter(
      (path) => path.endsWith(".prisma") && /\bdatasource\s+\w+\s*\{/.test(view.snapshot.text(at(path)) ?? ""),
    ),
  );
  if (schema === undefined || !used) return [];
  const tool = "prisma";
  if (/\bprovider\s*=\s*["']mongodb["']/.test(view.snapshot.text(at(schema)) ?? ""))
    return [{ tool, command: undefined, confidence: 0, file: at(schema), why: "Prisma has no migrations for MongoDB" }];
  const migration = inside.find((path) => /(?:^|\/)migrations\/[^/]+\/migration\.sql$/.test(path));
  if (migration === undefined)
    return [
      {
        tool,
        command: undefined,
        confidence: 0,
        file: at(schema),
        why: "the schema of Prisma has no folder of migrations; `prisma db push` is none",
      },
    ];
  const [own] = scripted(ground, (words) => /^prisma migrate deploy\b/.test(words));
  if (own) return [{ tool, command: own.command, confidence: 0.97, ...script(ground, own.name) }];
  const manifest = manifestIn(view.snapshot, ground.site.folder);
  const isFound =
    /^(?:prisma\/)?schema\.prisma$/.test(schema) ||
    stringAt(manifest?.data, ["prisma", "schema"]) !== undefined ||
    inside.some((path) => /^(?:prisma\.config|\.config\/prisma)\.[cm]?[jt]s$/.test(path));
  // A schema of several files is a folder.
  const named = /\/schema\/[^/]+\.prisma$/.test(schema) ? folderOf(schema) : schema;
  const command = `${caller(ground)} prisma migrate deploy${isFound ? "" : ` --schema ${named}`}`;
  return [{ tool, command, confidence: 0.95, file: at(migration) }];
}

function ofTool(ground: Ground, tool: NodeTool): Candidate[] {
  const { inside, at, needs } = ground;
  const used = needs("npm", ...tool.packages);
  if (!used) return [];
  const file = shallowest(inside.filter((path) => tool.files.test(path)));
  const [own] = scripted(ground, (words) => tool.applies.test(words));
  if (own)
    return [
      { tool: tool.id, command: own.command, confidence: file === undefined ? 0.8 : 0.95, ...script(ground, own.name) },
    ];
  if (file === undefined) return [];
  // What a program of the project applies itself needs no tool of the command line.
  const runner = runnerFile(ground, tool.id);
  if (runner !== undefined) return [];
  const settings = tool.settings && inside.find((path) => tool.settings?.name.test(path));
  const isUsual = settings === undefined || /^(?:drizzle\.config|knexfile)\.[cm]?[jt]s$/.test(settings);
  const flag = tool.settings && !isUsual ? ` ${tool.settings.flag} ${settings}` : "";
  const command = `${tool.command.startsWith("node ") ? "" : `${caller(ground)} `}${tool.command}${flag}`;
  return [{ tool: tool.id, command, confidence: tool.packages.indexOf(used.name) === 0 ? 0.9 : 0.7, file: at(file) }];
}

/** TypeORM has to be told where its data source is. */
function typeorm(ground: Ground): Candidate[] {
  const { view, site, inside, needs, codeWith } = ground;
  const used = needs("npm", "typeorm");
  if (!used) return [];
  // The time is in front of the name, or behind that of the class.
  const migration = inside.find((path) =>
    /(?:^|\/)migrations?\/(?:[^/]+\/)*(?:\d{10,}[\w.-]*|\w+-?\d{10,})\.[jt]s$/.test(path),
  );
  const tool = "typeorm";
  const [own] = scripted(ground, (words) => /\bmigrations?:run\b/.test(words));
  if (own)
    return [
      {
        tool,
        command: own.command,
        confidence: migration === undefined || /\b(?:ts-node|tsx|typeorm-ts-node-\w+)\b/.test(own.command) ? 0.8 : 0.95,
        ...script(ground, own.name),
      },
    ];
  if (migration === undefined) return [];
  const started = codeWith(/\bmigrationsRun\s*:\s*true\b/, /\.[jt]s$/);
  if (started !== undefined)
    return [{ tool, command: undefined, confidence: 0, file: started, why: `TypeORM ${RUNS_INSIDE}` }];
  const source = codeWith(/\bnew\s+DataSource\s*\(/, /\.[jt]s$/);
  const project = site.folder === view.unit.path ? projectOf(view) : undefined;
  const built =
    source !== undefined && project ? (source.endsWith(".js") ? source : builtPath(project, source)) : undefined;
  if (source === undefined || built === undefined || runnerFile(ground, tool) !== undefined) return [];
  return [{ tool, command: `${caller(ground)} typeorm migration:run -d ${built}`, confidence: 0.8, file: source }];
}

function runnerFile({ codeWith, needs }: Ground, tool: string): string | undefined {
  const row = OWN_RUNNERS.find(({ id }) => id === tool);
  return row && needs("npm", ...row.packages) && codeWith(row.pattern, /\.[cm]?[jt]s$/);
}

/** A program of the project that applies migrations: a script runs it, or the application does. */
function ownPrograms(ground: Ground): Candidate[] {
  const { view, site } = ground;
  return OWN_RUNNERS.flatMap(({ id, pattern }): Candidate[] => {
    const file = runnerFile(ground, id);
    if (file === undefined) return [];
    const isRunner = (step: Step) => {
      const run = fileOf(step.argv);
      const name = run === undefined ? "" : baseOf(run).replace(/\.[cm]?[jt]s$/, "");
      return (
        name !== "" &&
        name === baseOf(file).replace(/\.[cm]?[jt]s$/, "") &&
        pattern.test(view.snapshot.code(file)?.code ?? "")
      );
    };
    const [own] = scripted(ground, (_, step) => isRunner(step)).filter(
      ({ name }) => !/^(?:start|dev|serve|build)\b/.test(name),
    );
    if (own)
      return [
        {
          tool: id,
          command: own.command,
          confidence: /\b(?:tsx|ts-node)\b/.test(own.command) ? 0.8 : 0.9,
          ...script(ground, own.name),
        },
      ];
    const isSeparate = /migrat/i.test(baseOf(file));
    return [
      {
        tool: id,
        command: undefined,
        confidence: 0,
        file,
        why: isSeparate ? `${file} applies migrations, and no script runs it` : `the migration ${RUNS_INSIDE}`,
      },
    ];
  }).filter(({ file }) => site.files.includes(file));
}
