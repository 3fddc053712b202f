import type { Candidate, Ground } from "./candidate.ts";

/** Rails and what else uses Active Record, Hanami. */
export function rubyMigrations({ inside, at, needs }: Ground): Candidate[] {
  const migration = inside.find(
    (path) =>
      /^(?:db|config\/db)\/migrate\/\d+_\w+\.rb$/.test(path) || /^db\/(?:schema\.rb|structure\.sql)$/.test(path),
  );
  if (needs("rubygems", "rails", "railties") && migration !== undefined) {
    const command = inside.includes("bin/rails") ? "bin/rails db:migrate" : "bundle exec rails db:migrate";
    return [
      {
        tool: "rails",
        command,
        confidence: needs("rubygems", "activerecord", "rails") ? 0.95 : 0.8,
        file: at(migration),
      },
    ];
  }
  if (needs("rubygems", "hanami", "hanami-db", "hanami-cli") && migration !== undefined)
    return [{ tool: "hanami", command: "bundle exec hanami db migrate", confidence: 0.85, file: at(migration) }];
  if (needs("rubygems", "sinatra-activerecord", "standalone_migrations", "otr-activerecord") && migration !== undefined)
    return [{ tool: "active-record", command: "bundle exec rake db:migrate", confidence: 0.9, file: at(migration) }];
  return [];
}

interface PhpTool {
  tool: string;
  /** Packages of Composer, one of which is there. */
  packages: readonly string[];
  /** A file that has to be there, and a migration. */
  program: RegExp;
  migration: RegExp;
  command: string;
}

const PHP_TOOLS: readonly PhpTool[] = [
  {
    tool: "laravel",
    packages: ["laravel/framework", "laravel/lumen-framework"],
    program: /^artisan$/,
    migration: /^(?:database\/migrations|(?:app-?modules|modules|packages)\/.*\/migrations)\/[^/]+\.php$/i,
    command: "php artisan migrate --force",
  },
  {
    tool: "doctrine",
    packages: ["doctrine/doctrine-migrations-bundle"],
    program: /^bin\/console$/,
    migration: /(?:^|\/)(?:migrations|DoctrineMigrations|Migrations)\/(?:\d{4}\/)?Version\w+\.php$/,
    command: "php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration",
  },
  {
    tool: "doctrine",
    packages: ["doctrine/migrations"],
    program: /^migrations\.(?:php|ya?ml|json|xml)$/,
    migration: /(?:^|\/)Version\w+\.php$/,
    command: "vendor/bin/doctrine-migrations migrate --no-interaction --allow-no-migration",
  },
  {
    tool: "cakephp",
    packages: ["cakephp/migrations", "cakephp/cakephp"],
    program: /^bin\/cake$/,
    migration: /^config\/Migrations\/\w+\.php$/,
    command: "bin/cake migrations migrate",
  },
  {
    tool: "phinx",
    packages: ["robmorgan/phinx"],
    program: /^phinx\.(?:php|ya?ml|json)$/,
    migration: /\/\d{8,}_\w+\.php$/,
    command: "vendor/bin/phinx migrate",
  },
  {
    tool: "codeigniter",
    packages: ["codeigniter4/framework"],
    program: /^spark$/,
    migration: /^app\/Database\/Migrations\/\S+\.php$/,
    command: "php spark migrate --all",
  },
  {
    tool: "yii",
    packages: ["yiisoft/yii2"],
    program: /^yii$/,
    migration: /(?:^|\/)migrations\/m\d{6}_\d{6}_\w+\.php$/,
    command: "php yii migrate --interactive=0",
  },
];

/** Laravel, Doctrine, Phinx and their likes. */
export function phpMigrations({ inside, at, needs }: Ground): Candidate[] {
  return PHP_TOOLS.flatMap(({ tool, packages, program, migration, command }) => {
    const found = inside.find((path) => migration.test(path));
    if (!needs("packagist", ...packages) || found === undefined || !inside.some((path) => program.test(path)))
      return [];
    return [{ tool, command, confidence: 0.95, file: at(found) }];
  });
}
