import { expect, it } from "vitest";
import { memoryFiles } from "../../../files.ts";
import { takeSnapshot } from "../../../snapshot.ts";
import { readStart } from "./start.ts";
import type { Written } from "./words.ts";

const SCRIPTS = {
  "plain.sh": "#!/bin/sh\nset -e\necho hi\nalembic upgrade head\nexec uvicorn shop:app --port 8000\n",
  "wait.bash":
    '#!/usr/bin/env bash\nif [ "$DB" = "postgres" ]\nthen\n  while ! nc -z $HOST $PORT; do\n    sleep 0.1\n  done\nfi\npython manage.py migrate\ngunicorn \\\n  shop.wsgi \\\n  --workers 3 # three\n',
  "variables.sh":
    '#!/bin/bash\nPORT="${PORT:-8080}"\nexport FLASK_APP=app.py\nexec uvicorn shop:app --port "$PORT" --forwarded-allow-ips \'*\'\n',
  "hands-on.sh": '#!/bin/sh\r\nrm -f tmp/server.pid\r\nexec "$@"\r\n',
  "more.sh": '#!/bin/sh\nexec java $JAVA_OPTS -jar app.jar "$@"\n',
  "chain.sh": "#!/bin/sh\n./plain.sh\n",
  "self.sh": "#!/bin/sh\n./self.sh\n",
  "inside.sh": "#!/bin/sh\ncd api\npython main.py\n",
  "docker/deep.sh": "#!/bin/sh\ngunicorn shop.wsgi\n",
  "asks.sh":
    '#!/bin/bash\nwhile ! pg_isready -q\ndo\n  echo "$(date) waits"\n  sleep 2\ndone\nif [[ -z `psql -l` ]]; then\n  mix ecto.create\n  mix ecto.migrate\nfi\n  # It doesn\'t end.\nexec mix phx.server\n',
  "idle.sh": '#!/bin/sh\nphp artisan migrate\nphp artisan serve --port=8000\nexec docker-php-entrypoint "$@"\n',
  "text.sh": '#!/bin/sh\npsql -c "select 1;\n  select 2"\nexec gunicorn shop.wsgi\n',
  "prepares.sh": '#!/bin/sh\nphp artisan migrate\nexec gosu www "$@"\n',
  "both.sh": "#!/bin/sh\ncelery -A shop worker &\ngunicorn shop.wsgi\n",
  "branch.sh": '#!/bin/sh\nif [ "$MODE" = worker ]; then\n  exec celery -A shop worker\nfi\nexec gunicorn shop.wsgi\n',
  "case.sh": '#!/bin/sh\ncase "$1" in\n  web) exec gunicorn shop.wsgi ;;\nesac\n',
  "function.sh": "#!/bin/sh\nserve() {\n  exec gunicorn shop.wsgi\n}\nserve\n",
  "place.sh": '#!/bin/sh\ncd "$(dirname "$0")"\nexec ./shop start\n',
  "first.sh": '#!/bin/sh\nexec gunicorn "$1"\n',
  "open.sh": '#!/bin/sh\nif [ "$A" ]; then\nexec gunicorn shop.wsgi\n',
  "node.sh": "#!/usr/bin/env node\nconsole.log(1)\n",
  "empty.sh": "",
  "api/main.py": "",
};
const snapshot = takeSnapshot(memoryFiles(SCRIPTS));

it.each<[written: Written, command: string, releases?: string[], folder?: string]>([
  [["./plain.sh"], "uvicorn shop:app --port 8000", ["alembic upgrade head"]],
  [["bash", "plain.sh"], "uvicorn shop:app --port 8000", ["alembic upgrade head"]],
  [["sh", "-c", "./plain.sh"], "uvicorn shop:app --port 8000", ["alembic upgrade head"]],
  ["bash wait.bash", "gunicorn shop.wsgi --workers 3", ["python manage.py migrate"]],
  [["./variables.sh"], "FLASK_APP=app.py uvicorn shop:app --port ${PORT:-8080} --forwarded-allow-ips '*'"],
  [["./hands-on.sh", "puma", "-C", "config/puma.rb"], "puma -C config/puma.rb"],
  [["./more.sh"], "java $JAVA_OPTS -jar app.jar"],
  [["./more.sh", "--quiet"], "java $JAVA_OPTS -jar app.jar --quiet"],
  [["./chain.sh"], "uvicorn shop:app --port 8000", ["alembic upgrade head"]],
  [["./inside.sh"], "python main.py", [], "api"],
  [["/deep.sh"], "gunicorn shop.wsgi"],
  [["./asks.sh"], "mix phx.server"],
  [["./idle.sh"], "php artisan serve --port=8000", ["php artisan migrate"]],
])("a script that prepares and starts is what it starts: %j", (written, command, releases = [], folder = ".") => {
  expect(readStart(snapshot, ".", written)).toMatchObject({ command, releases, folder });
});

it.each([
  "hands-on",
  "prepares",
  "text",
  "self",
  "both",
  "branch",
  "case",
  "function",
  "place",
  "first",
  "open",
  "node",
  "empty",
  "absent",
])("a script that does more, or cannot be read, is the program: %s", (name) => {
  expect(readStart(snapshot, ".", [`./${name}.sh`])).toMatchObject({ command: `./${name}.sh`, releases: [] });
});

it("a script that images have under another name is the one for production", () => {
  const copy = (kind: string) =>
    `FROM python\nCOPY --chown=app:app ./compose/${kind}/start /start\nCOPY compose/${kind}/work/start /start-worker\n`;
  const script = (command: string) => `#!/bin/bash\nset -o errexit\n\nexec ${command}\n`;
  const files = takeSnapshot(
    memoryFiles({
      "compose/production/Dockerfile": copy("production"),
      "compose/production/start": script("/usr/local/bin/gunicorn shop.asgi --chdir=/app"),
      "compose/production/work/start": script("celery -A shop worker"),
      "compose/local/Dockerfile": copy("local"),
      "compose/local/start": script("uvicorn shop.asgi --reload"),
      "compose/local/work/start": script("watchfiles celery"),
    }),
  );
  expect(readStart(files, ".", "/start")).toMatchObject({ command: "gunicorn shop.asgi --chdir=/app" });
  expect(readStart(files, ".", ["/start-worker"])).toMatchObject({ command: "celery -A shop worker" });
  expect(readStart(files, ".", ["/start-beat"])).toMatchObject({ command: "/start-beat" });
});
