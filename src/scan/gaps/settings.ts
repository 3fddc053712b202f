import { shellCommands } from "../command-line.ts";
import type { EnvironmentVariable } from "../fact.ts";
import { searchCode } from "../search.ts";
import { factValue, factValues } from "../services.ts";
import type { Found, GapRule } from "./rule.ts";
import { listenOn } from "./running.ts";
import { evidenceAt, type GapSite } from "./site.ts";

/** Programs that are made for the desk, not for traffic. */
const DEVELOPMENT =
  /(?:^|[\s/])(?:nodemon|ts-node-dev|tsnd|next dev|nuxt dev|nuxi dev|vite(?: dev| serve)?(?=\s*$|\s+--(?:host|port))|astro dev|remix (?:vite:)?dev|react-scripts start|react-app-rewired start|vue-cli-service serve|ng serve|gatsby develop|webpack(?:-dev-server| serve)|parcel(?: serve)?|flask(?:\s+--app\s+\S+)? run|manage\.py runserver|uvicorn[^&|;]*--reload|fastapi dev|rails (?:s|server)[^&|;]*-e development|php -S|php artisan serve|dotnet watch|dotnet run|go run|air|cargo (?:run|watch)|mvnw? spring-boot:run|gradlew? bootRun|symfony serve|hugo server|jekyll serve|bundle exec jekyll serve)\b/;
const MIGRATES =
  /\b(?:prisma (?:migrate|db push)|alembic upgrade|(?:rails|rake) db:(?:migrate|prepare)|knex migrate|typeorm[\w:-]*(?: -d \S+)? migration:run|typeorm migration:run|sequelize(?:-cli)? db:migrate|flask db upgrade|manage\.py migrate|artisan migrate|dotnet ef database update|goose\b[^&|;]*\bup|diesel migration run|sqlx migrate run|mix ecto\.migrate|migrate -path|drizzle-kit (?:push|migrate)|node-pg-migrate up|atlas migrate apply|flyway migrate|liquibase update)\b/;

const SECRET_NAME = String.raw`[\w.]*(?:SECRET|PASSWORD|PASSWD|API_?KEY|TOKEN|PRIVATE_?KEY)\w*`;
const DEFAULTS: readonly { in: string; pattern: RegExp }[] = [
  {
    in: "js mjs cjs ts mts",
    pattern: new RegExp(
      String.raw`\bprocess\.env\.(${SECRET_NAME})\s*(?:\|\||\?\?)\s*["'\`]([^"'\`\s]{4,})["'\`]`,
      "g",
    ),
  },
  {
    in: "py",
    pattern: new RegExp(
      String.raw`\b(?:os\.)?(?:environ\.get|getenv|env|config)\(\s*["'](${SECRET_NAME})["']\s*,\s*(?:default\s*=\s*)?["']([^"'\s]{4,})["']`,
      "g",
    ),
  },
  { in: "py", pattern: /^(SECRET_KEY)\s*=\s*["']([^"'\s]{8,})["']/gm },
  { in: "py", pattern: /\.(secret_key)\s*=\s*["']([^"'\s]{4,})["']/g },
  {
    in: "rb",
    pattern: new RegExp(String.raw`\bENV\.fetch\(\s*["'](${SECRET_NAME})["']\s*,\s*["']([^"'\s]{4,})["']`, "g"),
  },
  { in: "php", pattern: new RegExp(String.raw`\benv\(\s*["'](${SECRET_NAME})["']\s*,\s*["']([^"'\s]{4,})["']`, "g") },
  { in: "ex exs", pattern: new RegExp(String.raw`\bSystem\.get_env\(\s*"(${SECRET_NAME})"\s*,\s*"([^"\s]{4,})"`, "g") },
  { in: "js mjs cjs ts mts", pattern: /\b(jwt\.sign)\([^;]{0,200}?,\s*["'`]([^"'`\s]{4,})["'`]/g },
  { in: "js mjs cjs ts mts", pattern: /\bsession\(\s*\{[^{}]*\b(secret)\s*:\s*["'`]([^"'`\s]{4,})["'`]/g },
];

/** How a service is set up to start. */
export const SETTINGS: readonly GapRule[] = [
  {
    id: "port-ignored",
    title: "listens on a fixed port",
    why: "Platforms say through PORT where to listen; what listens elsewhere is never reached, and two releases on one host collide.",
    find({ service, framework, language, isServer, snapshot, sources }) {
      const port = service.facts.get("port");
      const [at] = port?.evidence ?? [];
      if (
        !isServer ||
        port?.source !== "code" ||
        !at ||
        /\bPORT\b/.test(String(service.facts.get("start")?.value ?? ""))
      )
        return undefined;
      const reads =
        factValues(service, "env").some(({ key }) => /(?:^|_)PORT$/.test(key)) ||
        sources.some((file) => /\bPORT\b/.test(snapshot.text(file) ?? ""));
      return reads
        ? undefined
        : { evidence: port.evidence, patch: { file: at.file, text: listenOn(framework, language) } };
    },
  },
  {
    id: "default-secret",
    title: "a secret has a value in the code",
    why: "Where nobody sets the variable, production runs with a secret that everyone with the code knows.",
    find({ snapshot, sources, language, entry }) {
      for (const { in: endings, pattern } of DEFAULTS) {
        const [hit] = searchCode({ snapshot, sources }, pattern, { extensions: endings.split(" ") });
        if (!hit) continue;
        const text = language === undefined || !Object.hasOwn(REQUIRED, language) ? undefined : REQUIRED[language];
        const patch = text === undefined ? undefined : { file: hit.file || entry.file, text };
        return { evidence: [evidenceAt(snapshot, hit.file, hit.place.line, "secret")], patch };
      }
      return undefined;
    },
  },
  {
    id: "public-secret",
    title: "a secret is compiled into pages",
    why: "The prefix of its name writes the value into what browsers load, where everybody reads it.",
    find({ service }) {
      const [found] = factValues(service, "env").filter(({ value }) => isOpenSecret(value));
      return found && { evidence: found.fact.evidence, to: "frontend" };
    },
  },
  {
    id: "dev-server",
    title: "starts a server for development",
    why: "It watches files, answers one request at a time or shows errors to visitors, and stops without notice.",
    find({ service }) {
      const start = service.facts.get("start");
      if (!start || !DEVELOPMENT.test(String(start.value))) return undefined;
      return { evidence: start.evidence, to: "operations" };
    },
  },
  {
    id: "migration-in-start",
    title: "migrates the database when it starts",
    why: "Instances that start together migrate together; one that fails leaves the others waiting, and a rollback has no step of its own.",
    find: (site) => migration(site),
  },
];

/** A key of a public API is compiled into pages on purpose; what its name calls a secret is not. */
function isOpenSecret({ name, class: kind }: EnvironmentVariable): boolean {
  return kind === "public" && /SECRET|PASSWORD|PRIVATE_KEY/.test(name);
}

/** Tools that the manifest knows by name. */
const MANIFEST_TOOLS: ReadonlySet<string> = new Set("alembic prisma drizzle django rails flyway".split(" "));

function migration({ service, snapshot }: GapSite): Found | undefined {
  const start = service.facts.get("start");
  const written = start ? [start, ...start.alternatives] : [];
  const web = factValues(service, "process").filter(({ value }) => value.name === "web");
  const commands = [
    ...written.map(({ value, evidence }) => ({ command: String(value), evidence })),
    ...web.map(({ value, fact }) => ({ command: value.command, evidence: fact.evidence })),
  ];
  const found = commands.find(({ command }) => MIGRATES.test(command) && shellCommands(command).length > 1);
  const tool = factValue(service, "migrations");
  const patch = tool && {
    file: "stationmaster.yaml",
    text: `services:\n  ${service.name}:\n    migrate: { tool: ${MANIFEST_TOOLS.has(tool.tool) ? tool.tool : "command"}, command: ${JSON.stringify(tool.command)} }\n`,
  };
  if (found) return { evidence: [...found.evidence], patch, to: "operations" };
  // Scripts that npm runs in front, and the line that the start command was taken from.
  for (const { file, line } of written.flatMap(({ evidence }) => evidence)) {
    const at = nearby(snapshot.text(file) ?? "", line);
    if (at !== undefined) return { evidence: [evidenceAt(snapshot, file, at, "migration")], patch, to: "operations" };
  }
  return undefined;
}

/** The line itself, or `prestart` of the same file. */
function nearby(text: string, line: number): number | undefined {
  const lines = text.split("\n");
  if (MIGRATES.test(lines[line - 1] ?? "") && /&&|;|\|\|/.test(lines[line - 1] ?? "")) return line;
  const before = lines.findIndex((words) => /^[ \t]*"prestart(?::prod)?"\s*:/.test(words) && MIGRATES.test(words));
  return before === -1 ? undefined : before + 1;
}

const SCRIPT_SECRET =
  'const secret = process.env.SESSION_SECRET;\nif (!secret) throw new Error("SESSION_SECRET is not set");\n';
const REQUIRED: Record<string, string> = {
  JavaScript: SCRIPT_SECRET,
  TypeScript: SCRIPT_SECRET,
  Python: 'SECRET_KEY = os.environ["SECRET_KEY"]\n',
  Ruby: 'ENV.fetch("SECRET_KEY_BASE")\n',
  PHP: "'key' => env('APP_KEY'),\n",
  Elixir: 'System.fetch_env!("SECRET_KEY_BASE")\n',
};
