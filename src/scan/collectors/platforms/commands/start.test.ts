import { describe, expect, it } from "vitest";
import { memoryFiles } from "../../../files.ts";
import { takeSnapshot } from "../../../snapshot.ts";
import { readStart } from "./start.ts";
import type { Written } from "./words.ts";

const snapshot = takeSnapshot(
  memoryFiles({
    "package.json": JSON.stringify({
      workspaces: ["apps/*"],
      scripts: {
        start: "npm run prod",
        prod: "cross-env NODE_ENV=production node dist/main.js",
        dev: "next dev",
        "start:all": "prisma migrate deploy && next start -p $PORT",
      },
    }),
    "apps/web/package.json": JSON.stringify({ name: "@shop/web", scripts: { start: "next start" } }),
  }),
);

describe("what production runs", () => {
  const rows: [written: Written, command: string | null, folder?: string][] = [
    ["npm start", "NODE_ENV=production node dist/main.js"],
    ["npm run start:all", "next start -p $PORT"],
    ["npm install && npm run build && npm start", "NODE_ENV=production node dist/main.js"],
    ["yarn next start", "next start"],
    ["pnpm --filter @shop/web start", "next start", "apps/web"],
    ["npm --prefix apps/web start", "next start", "apps/web"],
    ["cd apps/web && npx next start -p 3000", "next start -p 3000", "apps/web"],
    ["bun run src/index.ts", "bun run src/index.ts"],
    ["gunicorn 'app:create_app()' --bind 0.0.0.0:$PORT", "gunicorn 'app:create_app()' --bind 0.0.0.0:$PORT"],
    [["gunicorn", "-w", "4", "app:create_app()"], "gunicorn -w 4 'app:create_app()'"],
    [["sh", "-c", "exec uvicorn main:app --port ${PORT:-8000} --reload"], "uvicorn main:app --port ${PORT:-8000}"],
    [["/usr/bin/dumb-init", "--", "node", "dist/a.js"], "node dist/a.js"],
    [["tini", "-g", "--", "/opt/venv/bin/gunicorn", "-w", "4", "x:y"], "gunicorn -w 4 x:y"],
    ["poetry run uvicorn a:b", "uvicorn a:b"],
    ["uv run --no-dev fastapi run", "fastapi run"],
    ["conda run --no-capture-output -n env python app.py", "python app.py"],
    ["./wait-for-it.sh db:5432 -- node server.js", "node server.js"],
    ["dockerize -wait tcp://db:5432 -timeout 60s ./main", "./main"],
    ["export NODE_ENV=production && node a.js", "NODE_ENV=production node a.js"],
    ["node a.js | pino-pretty", "node a.js"],
    ["node a.js 2>&1 > /dev/stdout", "node a.js"],
    ["python worker.py & gunicorn app:app", "python worker.py & gunicorn app:app"],
    ["nodemon server.js", "node server.js"],
    ["java $JAVA_OPTS -jar target/*.jar", "java $JAVA_OPTS -jar target/*.jar"],
    ["bundle exec puma -C config/puma.rb", "bundle exec puma -C config/puma.rb"],
    ["vendor/bin/heroku-php-apache2 public/", "vendor/bin/heroku-php-apache2 public/"],
    ["/app/server --port 8080", "/app/server --port 8080"],
  ];
  it.each(rows)("%j", (written, command, folder = ".") => {
    expect(readStart(snapshot, ".", written)).toMatchObject({ command, folder, why: null });
  });
});

describe("what production does not run", () => {
  const rows: [written: Written, why: string][] = [
    ["npm run dev", "development"],
    ["python manage.py runserver 0.0.0.0:8000", "development"],
    ["nodemon --exec ts-node src/index.ts", "development"],
    ["hugo server -D", "development"],
    ["npm run serve:nothing", "script"],
    ["sleep infinity", "idle"],
    [["/bin/bash"], "idle"],
    ["tail -f /dev/null", "idle"],
    ["", "idle"],
    ["npx prisma migrate deploy", "release"],
    ["bundle exec rails db:migrate", "release"],
  ];
  it.each(rows)("%j", (written, why) => {
    expect(readStart(snapshot, ".", written)).toMatchObject({ command: null, why });
  });
});

describe("steps of the release", () => {
  const rows: [written: Written, command: string, releases: string[]][] = [
    ["alembic upgrade head && uvicorn a:b", "uvicorn a:b", ["alembic upgrade head"]],
    [
      "python manage.py migrate --noinput; python manage.py collectstatic --noinput; gunicorn p.wsgi",
      "gunicorn p.wsgi",
      ["python manage.py migrate --noinput"],
    ],
    [
      "npx prisma migrate deploy && npx prisma db seed && node dist/index.js",
      "node dist/index.js",
      ["prisma migrate deploy", "prisma db seed"],
    ],
    ["rake db:migrate || true && puma", "puma", ["rake db:migrate"]],
    [
      "php artisan config:cache && php artisan migrate --force && php artisan serve",
      "php artisan serve",
      ["php artisan migrate --force"],
    ],
    ["node scripts/migrate.js && node server.js", "node server.js", ["node scripts/migrate.js"]],
  ];
  it.each(rows)("%s", (written, command, releases) => {
    expect(readStart(snapshot, ".", written)).toMatchObject({ command, releases });
  });
});
