/** Commands that change the schema or fill it: steps of a release. */
const RELEASES: readonly RegExp[] = [
  /^(?:\S*\/)?prisma (?:migrate deploy|migrate dev|db push|db seed|migrate reset)/,
  /^(?:\S*\/)?(?:drizzle-kit (?:migrate|push)|knex\S* migrate|typeorm\S* .*migration:run|sequelize(?:-cli)? db:|mikro-orm migration|node-pg-migrate|dbmate|payload migrate|medusa db:migrate|directus (?:database|bootstrap))/,
  /^node (?:ace|\S*\/ace) (?:migration:|db:)/,
  /^(?:python\S* (?:-m )?)?(?:alembic upgrade|aerich upgrade|flask (?:\S+ )*db upgrade|yoyo apply)/,
  /^(?:python\S* )?(?:\S*\/)?(?:manage\.py|django-admin) (?:migrate|loaddata|createsuperuser|create_?superuser|createcachetable|seed\w*|init\w*)/,
  /^python\S* -m (?:alembic|aerich) upgrade/,
  /^(?:bundle exec )?(?:\S*\/)?(?:rails|rake) (?:db:|assets:precompile|db)/,
  /^php (?:\S*\/)?(?:artisan|bin\/console) (?:migrate|db:|doctrine:)/,
  /^(?:\S*\/)?(?:flyway|liquibase|goose|migrate|atlas|diesel|sqlx|dbmate|sql-migrate)(?: |$)(?!.*serve)/,
  /^mix (?:ecto\.|do ecto)/,
  /^(?:\S*\/)?bin\/(?:migrate|\S+ eval )/,
  /^dotnet ef database/,
  /^(?:npm|yarn|pnpm|bun)(?: run)?(?: -\S+)* \S*(?:migrat\w*|seed|db:\w+)(?:$|[\s:])/,
  /^(?:node|tsx|ts-node|python\S*|sh|bash) \S*migrat\w*(?:\.\w+)?(?: |$)/,
];

/** Commands that prepare the folder or the shell, whatever is started behind them. */
const PREPARATIONS: readonly RegExp[] = [
  /^(?:echo|printf|sleep|mkdir|chmod|chown|cp|mv|ln|rm|touch|set|ulimit|umask|true|:|pwd|ls|cat|env|printenv|whoami|date|which|test|\[)(?: |$)/,
  /^(?:source|\.) /,
  /^(?:\S*\/)?(?:manage\.py|python\S* \S*manage\.py) (?:collectstatic|compress|compilemessages|check|create\w*)/,
  /^php (?:\S*\/)?(?:artisan|bin\/console) (?!serve|octane|queue|horizon|schedule|reverb|server)/,
  /^(?:\S*\/)?prisma generate/,
  /^(?:npm|pnpm|yarn|bun) (?:ci|install|i)(?: |$)/,
  /^yarn$/,
  /^(?:npm|pnpm|yarn|bun)(?: run)? (?:build|generate|prisma:generate|codegen)(?:$|[\s:])/,
  /^(?:pip\S*|python\S* -m pip|uv|poetry|pipenv|bundle|composer) (?:install|sync)(?: |$)/,
  /^(?:\S*\/)?(?:wait-for-it|wait-for|wait)(?:\.sh)?(?: |$)(?!.* -- )/,
];

/** Servers for developers: `watch` flags, servers of bundlers and site generators. */
const DEVELOPMENT: readonly RegExp[] = [
  /^(?:nodemon|ts-node-dev|tsnd|node-dev|supervisor -|air|reflex|watchexec|watchmedo|webpack-dev-server|browser-sync|live-server|concurrently|npm-run-all|run-p|foreman|overmind|hivemind|meteor|expo|wrangler dev|vercel dev|netlify dev|serverless offline|sls offline|mprocs|gin run)(?: |$)/,
  /^(?:next|nuxt|nuxi|astro|remix|svelte-kit|vitepress|vuepress|solid-start|react-router|vinxi|strapi|medusa|keystone|turbo(?: run)?|payload|slidev|sst|modern|umi|rsbuild|farm|motia) (?:dev|develop)(?: |$)/,
  /^vite(?: (?:dev|serve|-\S.*))?$/,
  /^(?:ng|ember|vue-cli-service|webpack|hugo|jekyll|mkdocs|zola|mdbook|nx|rsbuild|rspack|parcel|trunk|dx|gridsome|eleventy --)(?: |-)?(?:serve|server|dev|develop|start|s)(?: |$)/,
  /^(?:bundle exec )?jekyll s(?:erve)?(?: |$)/,
  /^(?:gatsby develop|react-scripts start|craco start|docusaurus start|react-app-rewired start|start-storybook|storybook dev|parcel (?!build))/,
  /^nest start .*(?:--watch|-w|--debug)/,
  /^tsx watch .*&&/,
  /^(?:cargo|dotnet) watch/,
  /(?:^| )(?:\S*\/)?manage\.py runserver/,
  /^(?:python\S* -m )?django-admin runserver/,
  /(?:^| )(?:\S*\/)?bin\/dev(?: |$)/,
  /^(?:\.\/)?(?:mvnw?|gradlew?) .*(?:quarkus:dev|quarkusDev|--continuous|-t )/,
  /^(?:npm|yarn|pnpm|bun)(?: run)? (?:\S+:)?(?:dev|develop|watch|serve:dev|start:dev|start:debug|start:local|local)(?:$|[\s:])/,
  /^(?:deno task|deno run .*) (?:dev|watch)(?: |$)/,
];

/** What keeps a container alive and serves nobody. */
const IDLE =
  /^(?:sleep (?:infinity|inf|\d+d?)|tail -[fF] \/dev\/null|(?:\/bin\/)?(?:ba|z|a)?sh(?: -l)?|true|cat|top|exit \d*|node|python3?|irb|iex|php -a)$/;

/** What a command of a start is for. */
export type Purpose = "release" | "preparation" | "development" | "idle" | "run";

/** What one command (its words joined, without assignments and wrappers) is for. */
export function purposeOf(command: string): Purpose {
  if (RELEASES.some((pattern) => pattern.test(command))) return "release";
  if (IDLE.test(command)) return "idle";
  if (PREPARATIONS.some((pattern) => pattern.test(command))) return "preparation";
  return DEVELOPMENT.some((pattern) => pattern.test(command)) ? "development" : "run";
}
