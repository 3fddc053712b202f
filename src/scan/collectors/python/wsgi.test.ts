import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;
const FLASK = lines("from flask import Flask", "app = Flask(__name__)");
const gunicorn = (target: string, port = 8000) => `gunicorn ${target} --bind 0.0.0.0:\${PORT:-${port}}`;

test.each<[string, Files, Record<string, unknown>]>([
  [
    "Flask with gunicorn",
    {
      "requirements.txt": "Flask==3.0\ngunicorn==22",
      "app.py": `${FLASK}if __name__ == "__main__":\n    app.run(debug=True)\n`,
    },
    { framework: "flask", start: gunicorn("app:app"), port: 8000 },
  ],
  [
    "wsgi.py goes before the package",
    {
      "requirements.txt": "flask\ngunicorn",
      "shop/__init__.py": lines(
        "from flask import Flask",
        "def create_app(config=None):",
        "    app = Flask(__name__)",
        "    return app",
      ),
      "wsgi.py": lines("from shop import create_app", "app = create_app()"),
    },
    { start: gunicorn("wsgi:app") },
  ],
  [
    "a factory for gunicorn",
    {
      "requirements.txt": "flask\ngunicorn",
      "shop/__init__.py": lines(
        "from flask import Flask",
        "def create_app(config=None, *, debug=False):",
        "    app = Flask(__name__)",
        "    return app",
      ),
      "celery_worker.py": lines("from shop import create_app", "flask_app = create_app()"),
    },
    { start: gunicorn("'shop:create_app()'") },
  ],
  [
    "an object taken from a package",
    {
      "requirements.txt": "flask\ngunicorn",
      "shop/__init__.py": FLASK,
      "wsgi.py": "from shop import app as application\n",
    },
    { start: gunicorn("wsgi:application") },
  ],
  [
    "Flask by its own server",
    {
      "requirements.txt": "flask",
      "app.py": `${FLASK}if __name__ == "__main__":\n    app.run(host="0.0.0.0", port=5001)\n`,
    },
    { start: "python app.py", port: 5001, bind: "0.0.0.0" },
  ],
  [
    "Flask that nothing starts",
    {
      "requirements.txt": "flask",
      "shop/__init__.py": lines("from flask import Flask", "def create_app():", "    return Flask(__name__)"),
    },
    { start: "flask --app shop run --host 0.0.0.0 --port ${PORT:-5000}", port: 5000 },
  ],
  [
    "waitress",
    { "requirements.txt": "flask\nwaitress", "app.py": FLASK },
    { start: "waitress-serve --listen=0.0.0.0:${PORT:-8000} app:app" },
  ],
  [
    "pages make it a site",
    {
      "requirements.txt": "flask\ngunicorn",
      "app.py": `${FLASK}from flask import render_template\n`,
      "templates/index.html": "",
    },
    { kind: "web" },
  ],
  [
    "Dash keeps the server inside",
    {
      "requirements.txt": "dash\ngunicorn",
      "app.py": lines("from dash import Dash", "app = Dash(__name__)", "server = app.server"),
    },
    { framework: "dash", start: gunicorn("app:server") },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(pythonCollector, files)).toMatchObject(expected);
});
