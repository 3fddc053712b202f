import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;
const FASTAPI = lines("from fastapi import FastAPI", "app = FastAPI()");
const FLASK = lines("from flask import Flask", "app = Flask(__name__)");
const uvicorn = (target: string, port = 8000) => `uvicorn ${target} --host 0.0.0.0 --port \${PORT:-${port}}`;
const gunicorn = (target: string, port = 8000) => `gunicorn ${target} --bind 0.0.0.0:\${PORT:-${port}}`;
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
    { start: "flask --app shop:create_app run --host 0.0.0.0 --port ${PORT:-5000}", port: 5000 },
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
  [
    "Streamlit",
    {
      "requirements.txt": "streamlit\npandas",
      "Home.py": lines("import streamlit as st", "st.set_page_config()"),
      "pages/1_Data.py": "import streamlit as st\nst.write(1)",
      "utils/plots.py": "import streamlit as st\nst.write(1)",
    },
    {
      framework: "streamlit",
      kind: "web",
      start: "streamlit run Home.py --server.port ${PORT:-8501} --server.address 0.0.0.0",
      port: 8501,
    },
  ],
  [
    "Gradio",
    {
      "requirements.txt": "gradio",
      "app.py": lines(
        "import gradio as gr",
        "with gr.Blocks() as demo:",
        "    gr.Textbox()",
        "demo.launch(server_name='0.0.0.0', server_port=7861)",
      ),
    },
    { framework: "gradio", start: "python app.py", port: 7861, bind: "0.0.0.0" },
  ],
  [
    "aiohttp as a server",
    {
      "requirements.txt": "aiohttp",
      "main.py": lines(
        "from aiohttp import web",
        "app = web.Application()",
        "if __name__ == '__main__':",
        "    web.run_app(app, port=8088)",
      ),
    },
    { framework: "aiohttp", start: "python main.py", port: 8088 },
  ],
  [
    "Tornado",
    {
      "requirements.txt": "tornado",
      "server.py": lines(
        "import tornado.web",
        "def make_app():",
        "    return tornado.web.Application([])",
        "if __name__ == '__main__':",
        "    app = make_app()",
        "    app.listen(8899)",
      ),
    },
    { framework: "tornado", start: "python server.py", port: 8899 },
  ],
  [
    "Sanic",
    { "requirements.txt": "sanic", "server.py": lines("from sanic import Sanic", "app = Sanic('shop')") },
    { framework: "sanic", start: "sanic server:app --host 0.0.0.0 --port ${PORT:-8000}" },
  ],
  [
    "the server of the standard library",
    {
      "server.py": lines(
        "from http.server import ThreadingHTTPServer",
        "PORT = int(os.getenv('PORT', '9000'))",
        "ThreadingHTTPServer(('0.0.0.0', PORT), Handler).serve_forever()",
      ),
    },
    { language: "Python", kind: "api", start: "python server.py", port: 9000, bind: "0.0.0.0" },
  ],
  [
    "gRPC",
    {
      "requirements.txt": "grpcio",
      "server.py": lines(
        "import grpc",
        "server = grpc.server(pool)",
        "server.add_insecure_port('[::]:50051')",
        "server.start()",
      ),
    },
    { kind: "api", start: "python server.py", port: 50051 },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(pythonCollector, files)).toMatchObject(expected);
});

test.each<[string, Files, string]>([
  [
    "a package for tests",
    { "requirements-dev.txt": "flask", "requirements.txt": "requests", "tool.py": "import requests" },
    "framework",
  ],
  ["a comment", { "requirements.txt": "requests", "main.py": "# app = FastAPI()\n" }, "framework"],
  [
    "tests and examples",
    { "requirements.txt": "requests", "tests/app.py": FLASK, "examples/app.py": FASTAPI, "main.py": "print(1)" },
    "framework",
  ],
  [
    "a client of aiohttp",
    { "requirements.txt": "aiohttp", "main.py": "import aiohttp\nsession = aiohttp.ClientSession()" },
    "framework",
  ],
  ["a notebook", { "requirements.txt": "pandas\njupyter", "model.ipynb": "{}" }, "start"],
  [
    "Streamlit among the developers' packages",
    {
      "pyproject.toml": lines(
        "[project]",
        "name = 'x'",
        "dependencies = ['requests']",
        "[dependency-groups]",
        "dev = ['streamlit']",
      ),
      "x/__init__.py": "",
    },
    "framework",
  ],
  ["the port of a client", { "requirements.txt": "redis", "main.py": "redis.Redis(host='x', port=6379)" }, "port"],
  [
    "a pyproject.toml for linters",
    { "pyproject.toml": "[tool.ruff]\nline-length = 100\n", "package.json": "{}" },
    "language",
  ],
])("%s says nothing of %3$s", (_, files, fact) => {
  expect(valuesBy(pythonCollector, files)).not.toHaveProperty(fact);
});
