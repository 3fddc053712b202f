/** Small projects of the migration tools, as files by path. Each creates `users`, adds a column, and drops `name` in a contract migration. */

interface Revision {
  parents: readonly string[];
  code: string;
  message?: string;
}

/** A project that takes its database from DATABASE_URL; where DATABASE_NAME is set it goes there whatever the address says. */
export function alembicFiles(revisions: Record<string, Revision>): Record<string, string> {
  const versions = Object.entries(revisions).map(([id, { parents, code, message = id }]) => {
    const down = parents.length === 0 ? "None" : `(${parents.map((parent) => `"${parent}",`).join(" ")})`;
    const text = `"""${message}"""
from alembic import op
import sqlalchemy as sa
revision = "${id}"
down_revision = ${down}
def upgrade():
    ${code}
def downgrade():
    pass
`;
    return [`versions/${id}.py`, text];
  });
  return {
    "alembic.ini": "[alembic]\nscript_location = %(here)s\n",
    "env.py": `import os
from alembic import context
from sqlalchemy import create_engine, make_url, pool
url = make_url(os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg://", 1))
if "DATABASE_NAME" in os.environ:
    url = url.set(database=os.environ["DATABASE_NAME"])
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
`,
    ...Object.fromEntries(versions),
  };
}

/** Two branches that are merged, then a contract migration. */
export const ALEMBIC = alembicFiles({
  a1: {
    parents: [],
    message: "create users",
    code: 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))',
  },
  b2: { parents: ["a1"], code: 'op.add_column("users", sa.Column("email", sa.String))' },
  c2: { parents: ["a1"], code: 'op.add_column("users", sa.Column("phone", sa.String))' },
  d3: { parents: ["b2", "c2"], code: "pass", message: "merge, -> both (sides)" },
  e4: { parents: ["d3"], code: 'op.drop_column("users", "name")', message: "drop name [contract]" },
});

export const DJANGO: Record<string, string> = {
  "manage.py": `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
  "settings.py": `import os
from urllib.parse import urlparse, parse_qs
url = urlparse(os.environ["DATABASE_URL"])
SECRET_KEY = "x"
INSTALLED_APPS = ["shop"]
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username,
    "HOST": parse_qs(url.query).get("host", [url.hostname])[0], "PORT": url.port or ""}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
`,
  "shop/__init__.py": "",
  "shop/migrations/__init__.py": "",
  ...Object.fromEntries(
    [
      [
        "0001_initial",
        'CreateModel("User", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())])',
      ],
      ["0002_user_email", 'AddField("User", "email", models.TextField(null=True))'],
      ["0003_drop_name_sm_contract", 'RemoveField("User", "name")'],
    ].map(([name, operation], index, all) => [
      `shop/migrations/${name}.py`,
      `from django.db import migrations, models
class Migration(migrations.Migration):
    initial = ${index === 0 ? "True" : "False"}
    dependencies = [${index === 0 ? "" : `("shop", "${all[index - 1]?.[0]}")`}]
    operations = [migrations.${operation}]
`,
    ]),
  ),
};

export const RAILS: Record<string, string> = {
  "bin/rails":
    '#!/usr/bin/env ruby\nAPP_PATH = File.expand_path("../config/application", __dir__)\nrequire "rails/commands"\n',
  "config/application.rb": `require "rails"
require "active_record/railtie"
class App < Rails::Application
  config.eager_load = false
  config.secret_key_base = "x" * 40
  config.active_record.dump_schema_after_migration = false
end
`,
  "config/environment.rb": 'require_relative "application"\nRails.application.initialize!\n',
  "config/database.yml": 'production:\n  url: <%= ENV["DATABASE_URL"] %>\n',
  Rakefile: 'require_relative "config/application"\nRails.application.load_tasks\n',
  ...Object.fromEntries(
    [
      ["20240101000000", "create_users", "CreateUsers", "create_table(:users) { |t| t.string :name }"],
      ["20240102000000", "add_email", "AddEmail", "add_column :users, :email, :string"],
      ["20240103000000", "drop_name_sm_contract", "DropNameSmContract", "remove_column :users, :name, :string"],
    ].map(([version, file, name, code]) => [
      `db/migrate/${version}_${file}.rb`,
      `class ${name} < ActiveRecord::Migration[6.1]\n  def change\n    ${code}\n  end\nend\n`,
    ]),
  ),
};

export const FLYWAY: Record<string, string> = {
  "flyway.conf": "flyway.locations=filesystem:sql\n",
  "sql/V1__create_users.sql": "create table users (id int primary key, name text);",
  "sql/V2__add_email.sql": "alter table users add column email text;",
  "sql/V10__drop_name_sm_contract.sql": "alter table users drop column name cascade;",
  "sql/R__names.sql": "create or replace view ids as select id from users;",
};

/** As drizzle-kit generates them, and a program that applies them with the library's own migrator. */
export function drizzleFiles(migrations: Record<string, string>, library: string): Record<string, string> {
  const entries = Object.keys(migrations).map((tag, idx) => ({
    ...{ idx, version: "7", when: 1_700_000_000_000 + idx, tag, breakpoints: true },
  }));
  return {
    "drizzle.config.ts":
      'export default { dialect: "postgresql", out: "./drizzle", dbCredentials: { url: process.env.DATABASE_URL } };\n',
    "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2),
    ...Object.fromEntries(Object.entries(migrations).map(([tag, sql]) => [`drizzle/${tag}.sql`, sql])),
    "migrate.mjs": `import { createRequire } from "node:module";
const require = createRequire(${JSON.stringify(library)});
const { drizzle } = require("drizzle-orm/node-postgres");
const { migrate } = require("drizzle-orm/node-postgres/migrator");
const pool = new (require("pg").Pool)({ connectionString: process.env.DATABASE_URL, max: 1 });
await migrate(drizzle(pool), { migrationsFolder: "drizzle" });
await pool.end();
`,
  };
}
