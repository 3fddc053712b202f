import { expect, test } from "vitest";
import { pythonCollector } from "./index.ts";
import { factsBy, lines, valuesBy } from "./testing.ts";

type Files = Record<string, string>;

const COMFY: Files = {
  "requirements.txt": "aiohttp\n",
  "main.py": lines(
    "from ui.server import Server",
    "from ui.options import args",
    'if __name__ == "__main__":',
    "    Server().start(args.listen, args.port)",
  ),
  "ui/options.py": lines(
    "import argparse",
    "parser = argparse.ArgumentParser()",
    'parser.add_argument("--port", type=int, default=8188, help="where it listens")',
  ),
  "ui/server.py": lines(
    "from aiohttp import web",
    "class Server:",
    "    def __init__(self):",
    "        self.app = web.Application()",
    "    async def start(self, address, port):",
    "        await web.TCPSite(self.runner, address, port).start()",
  ),
};
const API: Files = {
  "requirements.txt": "fastapi\nuvicorn\n",
  "shop/__init__.py": "",
  "shop/main.py": lines("from fastapi import FastAPI", "app = FastAPI()"),
};
const RUN = lines("import uvicorn", "from shop.main import app", "uvicorn.run(app, port=settings().server.port)");
const uvicorn = (port: number) => `uvicorn shop.main:app --host 0.0.0.0 --port \${PORT:-${port}}`;

test.each<[string, Files, Record<string, unknown>]>([
  [
    "an option of the command line, of the program that calls the server",
    COMFY,
    { start: "python main.py", port: 8188 },
  ],
  [
    "two programs with options of their own",
    { ...COMFY, "tool.py": 'parser.add_argument("--port", default=9)\nparser.add_argument("--port", default=9000)\n' },
    { start: "python main.py", port: 8080 },
  ],
  [
    "a file of settings",
    { ...API, "shop/__main__.py": RUN, "settings.yaml": "server:\n  port: 8001\n" },
    { start: uvicorn(8001), port: 8001 },
  ],
  ["a file of settings that nobody listens by", { ...API, "settings.yaml": "server:\n  port: 8001\n" }, { port: 8000 }],
  [
    "a task for developers",
    { ...API, Makefile: "test:\n\tpytest\n\nrun:\n\tuvicorn shop.main:app --reload --port 8002\n" },
    { start: uvicorn(8002), port: 8002 },
  ],
  [
    "a chain of calls",
    {
      "requirements.txt": "gradio\n",
      "app.py": lines(
        "import gradio as gr",
        "demo = gr.Interface(fn=run, inputs='text', outputs='text')",
        "demo.queue(",
        "    max_size=20,",
        ").launch(server_name='0.0.0.0', server_port=7861)",
      ),
    },
    { framework: "gradio", port: 7861, bind: "0.0.0.0" },
  ],
  [
    "the result of a call",
    {
      "requirements.txt": "gradio\n",
      "app.py": lines(
        "import gradio as gr",
        "def build():",
        "    return gr.Blocks()",
        "build().launch(server_port=7862)",
      ),
    },
    { port: 7862, start: "python app.py" },
  ],
  [
    "tasks that differ",
    { ...API, Makefile: "dev:\n\tuvicorn a:b --port 8002\nrun:\n\tuvicorn a:b --port 8003\n" },
    { port: 8000 },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(pythonCollector, files)).toMatchObject(expected);
});

test("the place of a port is where it is written", () => {
  const place = (files: Files) => factsBy(pythonCollector, files).get("port")?.evidence[0];
  expect(place(COMFY)).toMatchObject({ file: "ui/options.py", line: 3 });
  expect(place({ ...API, "shop/__main__.py": RUN, "config.toml": "[server]\nport = 8001\n" })).toMatchObject({
    file: "config.toml",
    line: 2,
  });
});
