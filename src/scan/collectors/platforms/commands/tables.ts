import { roleOf } from "../../../tables/javascript-programs.ts";

/** Commands that change the schema or fill it: steps of a release. */
const RELEASES: readonly RegExp[] = [
  /^(?:\S*\/)?prisma (?:migrate (?!diff|status)|db (?:push|seed))/,
  /^(?:\S*\/)?(?:drizzle-kit (?:migrate|push)|knex\S* (?:migrate|seed)|typeorm\S* .*migration:run|sequelize(?:-cli)? db:|mikro-orm migration|node-pg-migrate|payload migrate|medusa db:migrate|directus (?:database|bootstrap))/,
  /^node (?:\S*\/)?ace (?:migration:|db:)/,
  /^(?:python\S* -m )?(?:alembic upgrade|aerich upgrade|flask (?:\S+ )*db upgrade|yoyo apply)/,
  /^(?:python\S* )?(?:\S*\/)?(?:manage\.py|django-admin) (?:migrate|loaddata|create_?superuser|createcachetable|seed\w*|init\w*)/,
  /^(?:bundle exec )?(?:\S*\/)?(?:rails|rake) db(?::|$)/,
  /^php (?:\S*\/)?(?:artisan|bin\/console) (?:migrate|db:|doctrine:)/,
  /^(?:\S*\/)?(?:flyway|liquibase|goose|migrate|atlas|diesel|sqlx|dbmate|sql-migrate)(?: |$)(?!.*serve)/,
  /^mix (?:ecto\.|do ecto)/,
  /^(?:\S*\/)?bin\/(?:migrate(?: |$)|\S+ eval )/,
  /^dotnet ef database/,
  /^(?:node|tsx|ts-node|python\S*|sh|bash) \S*migrat\w*(?:\.\w+)?(?: |$)/,
];

/** Commands that prepare the folder or the shell, whatever is started behind them. */
const PREPARATIONS: readonly RegExp[] = [
  /^(?:chown|ulimit|umask|:|env|printenv|whoami|date|trap|shift|eval|mktemp|install|hostname)(?: |$)/,
  /^(?:source|\.) /,
  /^(?:python\S* )?(?:\S*\/)?manage\.py (?:collectstatic|compress|compilemessages|check|create\w*|wait_for_db)/,
  /^(?:bundle exec )?(?:\S*\/)?(?:rails|rake) (?:assets|tmp|log|cache):/,
  /^php (?:\S*\/)?(?:artisan|bin\/console) (?!serve|octane|queue|horizon|schedule|reverb|server)/,
  /^(?:pip\S*|python\S* -m pip|uv|poetry|pipenv|bundle|composer) (?:install|sync|check)(?: |$)/,
  /^(?:\S*\/)?(?:wait-for-it|wait-for|wait)(?:\.sh)?(?: |$)/,
];

/** Servers for developers; those of JavaScript are in its own table. */
const DEVELOPMENT: readonly RegExp[] = [
  /^(?:air|reflex|watchexec|watchmedo|foreman|overmind|hivemind|gin run|concurrently|npm-run-all|run-p)(?: |$)/,
  /^(?:hugo|mkdocs|zola|mdbook|trunk|dx) (?:server?|serve)(?: |$)/,
  /^(?:bundle exec )?jekyll s(?:erve)?(?: |$)/,
  /^(?:cargo|dotnet) watch/,
  /(?:^| )(?:\S*\/)?manage\.py runserver/,
  /^(?:python\S* -m )?django-admin runserver/,
  /(?:^| )(?:\S*\/)?bin\/dev(?: |$)/,
  /^(?:\S*\/)?(?:mvnw?|gradlew?) .*(?:quarkus:dev|quarkusDev|--continuous|-t )/,
  /^(?:npm|yarn|pnpm|bun)(?: run)? (?:\S+:)?(?:dev|develop|watch|local)(?:$|[\s:])/,
  /^deno task (?:dev|watch)(?: |$)/,
];

/** What keeps a container alive and serves nobody. */
const IDLE =
  /^(?:sleep (?:infinity|inf|\d+d?)|tail -[fF] \/dev\/null|(?:\/bin\/)?(?:ba|z|a)?sh(?: -l)?|true|cat|top|exit \d*|node|python3?|irb|iex|php -a)$/;

/** What a command of a start is for; `script` runs one that is not known. */
export type Purpose = "release" | "preparation" | "development" | "idle" | "script" | "run";

/** What one command, without assignments and wrappers, is for. */
export function purposeOf([program = "", ...args]: readonly string[]): Purpose {
  const command = [program, ...args].join(" ");
  if (RELEASES.some((pattern) => pattern.test(command))) return "release";
  if (IDLE.test(command)) return "idle";
  if (DEVELOPMENT.some((pattern) => pattern.test(command))) return "development";
  if (
    /^(?:npm|pnpm|yarn|bun|cnpm) (?:run |start|\S*serve)|^deno task /.test(command) &&
    !/^bun (?:run )?\S*[./]/.test(command)
  )
    return "script";
  if (PREPARATIONS.some((pattern) => pattern.test(command))) return "preparation";
  // What the table of JavaScript does not know is none of its programs.
  if (/^(?:node|bun|deno)$/.test(program) || roleOf(program, []) === "server") return "run";
  const role = roleOf(program, args);
  if (role === "group") return "script";
  return role === "step" ? "preparation" : role === "development" ? "development" : "run";
}
