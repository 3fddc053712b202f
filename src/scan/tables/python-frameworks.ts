import type { Kind } from "../fact.ts";

/** How a web framework of Python is told and served. */
export interface PythonFramework {
  id: string;
  /** Names on PyPI. */
  packages: readonly string[];
  /** What code imports. */
  modules: readonly string[];
  /** Classes and functions whose result is the application. */
  constructors: readonly string[];
  /** What a server of the kind can load; `script` brings its own server. */
  serve: "asgi" | "wsgi" | "script";
  kind: Kind;
  /** Where it listens by default. */
  port: number;
}

const asgi = { serve: "asgi", kind: "api", port: 8000 } as const;
const pages = { serve: "script", kind: "web" } as const;

/** The more specific before what it is built on; Django has rules of its own. */
export const PYTHON_FRAMEWORKS: readonly PythonFramework[] = [
  {
    id: "litestar",
    packages: ["litestar", "starlite"],
    modules: ["litestar", "starlite"],
    constructors: ["Litestar", "Starlite"],
    ...asgi,
  },
  { id: "fastapi", packages: ["fastapi", "fastapi-slim"], modules: ["fastapi"], constructors: ["FastAPI"], ...asgi },
  {
    id: "sanic",
    packages: ["sanic"],
    modules: ["sanic"],
    constructors: ["Sanic"],
    serve: "script",
    kind: "api",
    port: 8000,
  },
  { id: "quart", packages: ["quart"], modules: ["quart"], constructors: ["Quart"], ...asgi },
  { id: "blacksheep", packages: ["blacksheep"], modules: ["blacksheep"], constructors: ["Application"], ...asgi },
  {
    id: "fasthtml",
    packages: ["python-fasthtml"],
    modules: ["fasthtml"],
    constructors: ["FastHTML", "fast_app"],
    ...pages,
    port: 5001,
  },
  {
    id: "connexion",
    packages: ["connexion"],
    modules: ["connexion"],
    constructors: ["connexion.FlaskApp", "connexion.AsyncApp", "connexion.App", "FlaskApp", "AsyncApp"],
    serve: "script",
    kind: "api",
    port: 8000,
  },
  { id: "dash", packages: ["dash"], modules: ["dash"], constructors: ["Dash"], serve: "wsgi", kind: "web", port: 8050 },
  {
    id: "flask",
    packages: ["flask", "apiflask", "flask-openapi3"],
    modules: ["flask", "apiflask", "flask_openapi3"],
    constructors: ["Flask", "APIFlask", "OpenAPI"],
    serve: "wsgi",
    kind: "api",
    port: 5000,
  },
  {
    id: "falcon",
    packages: ["falcon"],
    modules: ["falcon"],
    constructors: ["App", "API"],
    serve: "wsgi",
    kind: "api",
    port: 8000,
  },
  { id: "starlette", packages: ["starlette"], modules: ["starlette"], constructors: ["Starlette"], ...asgi },
  {
    id: "robyn",
    packages: ["robyn"],
    modules: ["robyn"],
    constructors: ["Robyn"],
    serve: "script",
    kind: "api",
    port: 8080,
  },
  {
    id: "aiohttp",
    packages: ["aiohttp"],
    modules: ["aiohttp"],
    constructors: ["web.Application"],
    serve: "script",
    kind: "api",
    port: 8080,
  },
  {
    id: "tornado",
    packages: ["tornado"],
    modules: ["tornado"],
    constructors: ["tornado.web.Application", "web.Application", "Application", "HTTPServer"],
    serve: "script",
    kind: "api",
    port: 8888,
  },
  {
    id: "bottle",
    packages: ["bottle"],
    modules: ["bottle"],
    constructors: ["Bottle", "bottle.run", "run"],
    serve: "script",
    kind: "api",
    port: 8080,
  },
  {
    id: "cherrypy",
    packages: ["cherrypy"],
    modules: ["cherrypy"],
    constructors: ["cherrypy.quickstart"],
    serve: "script",
    kind: "web",
    port: 8080,
  },
  {
    id: "pyramid",
    packages: ["pyramid"],
    modules: ["pyramid"],
    constructors: ["make_wsgi_app"],
    serve: "script",
    kind: "web",
    port: 6543,
  },
  {
    id: "functions-framework",
    packages: ["functions-framework"],
    modules: ["functions_framework"],
    constructors: ["functions_framework.http", "functions_framework.cloud_event", "functions_framework.typed"],
    serve: "script",
    kind: "api",
    port: 8080,
  },
  { id: "nicegui", packages: ["nicegui"], modules: ["nicegui"], constructors: ["ui.run"], ...pages, port: 8080 },
  {
    id: "panel",
    packages: ["panel"],
    modules: ["panel"],
    constructors: ["panel.extension", "pn.extension", "servable"],
    ...pages,
    port: 5006,
  },
  {
    id: "reflex",
    packages: ["reflex"],
    modules: ["reflex"],
    constructors: ["rx.App", "reflex.App"],
    ...pages,
    port: 3000,
  },
  { id: "shiny", packages: ["shiny"], modules: ["shiny"], constructors: ["App", "app_ui"], ...pages, port: 8000 },
  { id: "marimo", packages: ["marimo"], modules: ["marimo"], constructors: ["marimo.App"], ...pages, port: 2718 },
  {
    id: "solara",
    packages: ["solara"],
    modules: ["solara"],
    constructors: ["solara.component", "solara.reactive"],
    ...pages,
    port: 8765,
  },
  {
    id: "chainlit",
    packages: ["chainlit"],
    modules: ["chainlit"],
    constructors: ["on_message", "on_chat_start"],
    ...pages,
    port: 8000,
  },
  {
    id: "gradio",
    packages: ["gradio"],
    modules: ["gradio"],
    constructors: ["Blocks", "Interface", "ChatInterface", "TabbedInterface"],
    ...pages,
    port: 7860,
  },
  { id: "streamlit", packages: ["streamlit"], modules: ["streamlit"], constructors: [], ...pages, port: 8501 },
];
