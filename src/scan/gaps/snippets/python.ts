import { type Snippets, snippet } from "./snippet.ts";

const LOGGING = `# pip install python-json-logger
import logging

from pythonjsonlogger.json import JsonFormatter

handler = logging.StreamHandler()
handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
logging.basicConfig(level=logging.INFO, handlers=[handler])`;

export const fastapi: Snippets = {
  health: snippet(`
@app.get("/healthz", include_in_schema=False)
async def healthz() -> dict[str, str]:
    return {"status": "ok"}`),
  shutdown: snippet(
    `
# uvicorn waits for open requests when SIGTERM comes:
# uvicorn main:app --host 0.0.0.0 --port $PORT --timeout-graceful-shutdown 20
uvicorn`,
    "requirements.txt",
  ),
  metrics: snippet(`
# pip install prometheus-fastapi-instrumentator
from prometheus_fastapi_instrumentator import Instrumentator

Instrumentator().instrument(app).expose(app, endpoint="/metrics", include_in_schema=False)`),
  logging: snippet(LOGGING),
};

export const starlette: Snippets = {
  ...fastapi,
  health: snippet(`
from starlette.responses import JSONResponse

app.add_route("/healthz", lambda request: JSONResponse({"status": "ok"}))`),
  metrics: snippet(`
# pip install prometheus-client
from prometheus_client import make_asgi_app

app.mount("/metrics", make_asgi_app())`),
};

export const flask: Snippets = {
  health: snippet(`
@app.get("/healthz")
def healthz():
    return {"status": "ok"}`),
  shutdown: snippet(
    `
# gunicorn ends its workers after their requests when SIGTERM comes:
# gunicorn app:app --bind 0.0.0.0:$PORT --graceful-timeout 20
gunicorn`,
    "requirements.txt",
  ),
  metrics: snippet(`
# pip install prometheus-flask-exporter
from prometheus_flask_exporter import PrometheusMetrics

metrics = PrometheusMetrics(app, path="/metrics")`),
  logging: snippet(LOGGING),
};

export const django: Snippets = {
  health: snippet(`
# In the urls.py of the project.
from django.http import JsonResponse
from django.urls import path


def healthz(request):
    return JsonResponse({"status": "ok"})


urlpatterns = [path("healthz", healthz), *urlpatterns]`),
  shutdown: snippet(
    `
# gunicorn ends its workers after their requests when SIGTERM comes:
# gunicorn project.wsgi --bind 0.0.0.0:$PORT --graceful-timeout 20
gunicorn`,
    "requirements.txt",
  ),
  metrics: snippet(`
# pip install django-prometheus; "django_prometheus" belongs into INSTALLED_APPS, its middleware first and last.
from django.urls import include, path

urlpatterns = [path("", include("django_prometheus.urls")), *urlpatterns]`),
  logging: snippet(`
# In the settings; pip install python-json-logger
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}`),
};

/** Programs without a framework of the web: workers, bots. */
export const python: Snippets = {
  shutdown: snippet(`
import signal
import threading

stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())

while not stopping.is_set():
    work_once()`),
  metrics: snippet(`
# pip install prometheus-client
from prometheus_client import start_http_server

start_http_server(9100)`),
  logging: snippet(LOGGING),
};
