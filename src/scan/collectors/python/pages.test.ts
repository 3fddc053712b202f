import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;
const FASTAPI = lines("from fastapi import FastAPI", "app = FastAPI()");
const FLASK = lines("from flask import Flask", "app = Flask(__name__)");

test.each<[string, Files, Record<string, unknown>]>([
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
])("%s is a decoy", (_, files, fact) => {
  expect(valuesBy(pythonCollector, files)).not.toHaveProperty(fact);
});
