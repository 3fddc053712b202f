import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;
const FASTAPI = lines("from fastapi import FastAPI", "app = FastAPI()");
const FLASK = lines("from flask import Flask", "app = Flask(__name__)");
const uvicorn = (target: string, port = 8000) => `uvicorn ${target} --host 0.0.0.0 --port \${PORT:-${port}}`;
const WORKER = "-k uvicorn.workers.UvicornWorker";

test.each<[string, Files, Record<string, unknown>]>([
  [
    "FastAPI with uvicorn",
    { "requirements.txt": "fastapi==0.115.0\nuvicorn[standard]==0.30.0", "main.py": FASTAPI },
    { framework: "fastapi", kind: "api", start: uvicorn("main:app"), port: 8000, bind: "0.0.0.0" },
  ],
  [
    "a package, and gunicorn for the workers",
    {
      "requirements.txt": "fastapi\nuvicorn\ngunicorn",
      "app/__init__.py": "",
      "app/main.py": `from app.db import engine\n${FASTAPI}`,
      "app/db.py": "engine = 1",
    },
    { start: `gunicorn app.main:app ${WORKER} --bind 0.0.0.0:\${PORT:-8000}` },
  ],
  [
    "an annotated object of another name",
    {
      "requirements.txt": "fastapi\nuvicorn",
      "service.py": lines("import fastapi", "api: fastapi.FastAPI = fastapi.FastAPI(", "    title='x',", ")"),
    },
    { start: uvicorn("service:api") },
  ],
  [
    "the object that the code hands to uvicorn, and the port it names",
    {
      "requirements.txt": "fastapi\nuvicorn",
      "run.py": lines(
        "import os",
        "import uvicorn",
        "if __name__ == '__main__':",
        "    uvicorn.run('shop.api:application', host='0.0.0.0', port=int(os.environ.get('PORT', 8080)))",
      ),
      "shop/__init__.py": "",
      "shop/api.py": lines("from fastapi import FastAPI", "from shop import db", "application = FastAPI()"),
      "shop/db.py": "",
      "shop/admin.py": FASTAPI,
    },
    { start: uvicorn("shop.api:application", 8080), port: 8080 },
  ],
  [
    "a factory",
    {
      "requirements.txt": "fastapi\nuvicorn",
      "shop/server.py": lines(
        "from fastapi import FastAPI",
        "def create_app() -> FastAPI:",
        "    app = FastAPI()",
        "    return app",
      ),
    },
    { start: "uvicorn --factory shop.server:create_app --host 0.0.0.0 --port ${PORT:-8000}" },
  ],
  [
    "a factory that another file calls",
    {
      "requirements.txt": "fastapi\nuvicorn",
      "shop/factory.py": lines(
        "from fastapi import FastAPI",
        "def build(debug: bool = False):",
        "    return FastAPI(debug=debug)",
      ),
      "main.py": lines("from shop.factory import build", "app = build()"),
    },
    { start: uvicorn("main:app") },
  ],
  [
    "an installed project with a src folder",
    {
      "pyproject.toml": lines(
        "[project]",
        "name = 'shop'",
        "dependencies = ['fastapi', 'uvicorn']",
        "[build-system]",
        "requires = ['hatchling']",
        "build-backend = 'hatchling.build'",
      ),
      "src/shop/__init__.py": "",
      "src/shop/main.py": lines("from fastapi import FastAPI", "from shop.routes import router", "app = FastAPI()"),
      "src/shop/routes.py": "",
    },
    { start: uvicorn("shop.main:app") },
  ],
  [
    "a src folder that is no package and not installed",
    {
      "requirements.txt": "fastapi\nuvicorn",
      "src/main.py": `from routers import users\n${FASTAPI}`,
      "src/routers/users.py": "",
    },
    { start: "uvicorn --app-dir src main:app --host 0.0.0.0 --port ${PORT:-8000}" },
  ],
  [
    "a src folder that is imported by its name",
    {
      "requirements.txt": "fastapi\nuvicorn",
      "src/main.py": `from src.routers import users\n${FASTAPI}`,
      "src/routers/users.py": "",
    },
    { start: uvicorn("src.main:app") },
  ],
  [
    "the command line of FastAPI, where nothing else serves",
    { "requirements.txt": "fastapi[standard]", "app/main.py": FASTAPI },
    { start: "fastapi run app/main.py --host 0.0.0.0 --port ${PORT:-8000}" },
  ],
  [
    "Socket.IO around the application",
    {
      "requirements.txt": "fastapi\nuvicorn\npython-socketio",
      "main.py": lines(
        "import socketio",
        "from fastapi import FastAPI",
        "app = FastAPI()",
        "sio = socketio.AsyncServer()",
        "sockets = socketio.ASGIApp(sio, app)",
      ),
    },
    { start: uvicorn("main:sockets") },
  ],
  [
    "hypercorn",
    { "requirements.txt": "fastapi\nhypercorn", "main.py": FASTAPI },
    { start: "hypercorn main:app --bind 0.0.0.0:${PORT:-8000}" },
  ],
  [
    "a mounted application is a part",
    {
      "requirements.txt": "fastapi\nuvicorn",
      "main.py": lines(
        "from fastapi import FastAPI",
        "api = FastAPI()",
        "application = FastAPI()",
        "application.mount('/api', api)",
      ),
    },
    { start: uvicorn("main:application") },
  ],
  [
    "settings of gunicorn",
    {
      "requirements.txt": "flask\ngunicorn",
      "app.py": FLASK,
      "gunicorn.conf.py": 'bind = "0.0.0.0:9000"\nworkers = 2',
    },
    { start: "gunicorn -c gunicorn.conf.py app:app", port: 9000 },
  ],
  [
    "a settings class with the port",
    {
      "requirements.txt": "fastapi\nuvicorn\npydantic-settings",
      "main.py": lines(
        "import uvicorn",
        "from fastapi import FastAPI",
        "from config import settings",
        "app = FastAPI()",
        "if __name__ == '__main__':",
        "    uvicorn.run(app, host=settings.host, port=settings.port)",
      ),
      "config.py": lines(
        "from pydantic_settings import BaseSettings",
        "class Settings(BaseSettings):",
        "    host: str = '0.0.0.0'",
        "    port: int = 8123",
        "settings = Settings()",
      ),
    },
    { port: 8123, start: uvicorn("main:app", 8123) },
  ],
  [
    "Starlette and Litestar",
    { "requirements.txt": "litestar\nuvicorn", "app.py": lines("from litestar import Litestar", "app = Litestar([])") },
    { framework: "litestar", start: uvicorn("app:app") },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(pythonCollector, files)).toMatchObject(expected);
});
