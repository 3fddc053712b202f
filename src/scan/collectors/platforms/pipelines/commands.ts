const TESTS: readonly RegExp[] = [
  /^(?:npm|pnpm|yarn|bun)(?: run)? (?:test|test:(?:unit|ci|all|run|coverage)|coverage)(?:$| )/,
  /^npm t(?:$| )/,
  /^(?:npx |pnpm |yarn )?(?:vitest|jest|mocha|ava|tap)(?:$| )/,
  /^node --test/,
  /^deno (?:test|task test)/,
  /^bun test/,
  /^(?:(?:poetry|uv|pipenv|pdm|hatch) run )?(?:python\S* -m )?(?:pytest|tox|nox|unittest)(?:$| )/,
  /^(?:(?:poetry|uv|pipenv|pdm) run )?python\S* (?:\S*\/)?manage\.py test/,
  /^go test /,
  /^cargo (?:nextest run|test)/,
  /^(?:\.\/)?(?:mvnw?|gradlew?)(?: \S+)* (?:test|verify|check)(?:$| )/,
  /^(?:bundle exec |bin\/)?(?:rspec|rails test|rake (?:test|spec)|rake$)/,
  /^(?:php )?(?:\.\/)?(?:vendor\/bin\/)?(?:phpunit|pest)(?:$| )/,
  /^php artisan test/,
  /^composer (?:run )?test/,
  /^dotnet test/,
  /^mix test/,
  /^(?:flutter|dart|swift|zig build|sbt|lein|clojure|stack|cabal|gleam|crystal) (?:test|spec)/,
  /^make (?:test|check)(?:$| )/,
];
const END_TO_END = /e2e|cypress|playwright|selenium|integration|smoke/i;

const BUILDS =
  /^(?:npm|pnpm|yarn|bun)(?: run)? build(?:$| )|^(?:go build|cargo build --release|dotnet publish|mix release|hugo|mkdocs build|zola build|bundle exec jekyll build)(?: |$)/;

const MANAGERS: readonly [command: RegExp, manager: string][] = [
  [/^npm (?:ci|install|i)(?: |$)/, "npm"],
  [/^pnpm (?:i|install)(?: |$)/, "pnpm"],
  [/^yarn(?: install| --\S+|$)/, "yarn"],
  [/^bun (?:i|install)(?: |$)/, "bun"],
  [/^poetry (?:install|sync)/, "poetry"],
  [/^uv (?:sync|pip install)/, "uv"],
  [/^pipenv (?:install|sync)/, "pipenv"],
  [/^pdm (?:install|sync)/, "pdm"],
  [/^(?:python\S* -m )?pip\d? install (?:.* )?(?:-r \S+|-e \.|\.)/, "pip"],
  [/^bundle install/, "bundler"],
  [/^composer install/, "composer"],
];
/** An install of a tool, not of the project. */
const OF_TOOLS = / (?:-g|--global|--location=global) | (?:-g|--global)$/;

/** What a command of a pipeline is evidence of. */
export function roleOfCommand(command: string): { test?: true; build?: true; manager?: string } {
  if (TESTS.some((pattern) => pattern.test(command)) && !END_TO_END.test(command)) return { test: true };
  if (BUILDS.test(command)) return { build: true };
  const manager = OF_TOOLS.test(command) ? undefined : MANAGERS.find(([pattern]) => pattern.test(command))?.[1];
  return manager === undefined ? {} : { manager };
}
