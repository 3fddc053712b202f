import { expect, test } from "vitest";
import { healthOf } from "./testing.ts";

const PY = { "requirements.txt": "fastapi\nflask\ndjango\n" };
const RAILS = { Gemfile: 'gem "rails"\n' };
const LARAVEL = { "composer.json": '{"require":{"laravel/framework":"^11"}}', artisan: "#!/usr/bin/env php" };
const SYMFONY = { "composer.json": '{"require":{"symfony/framework-bundle":"^7"}}' };

test.each<[string, Record<string, string>, string | undefined, string?]>([
  [
    "FastAPI",
    { ...PY, "main.py": 'app = FastAPI()\n\n@app.get("/health")\nasync def health(): ...' },
    "/health main.py:3",
  ],
  [
    "a router of FastAPI",
    {
      ...PY,
      "app/main.py": 'from app.api import health\napp.include_router(health.router, prefix="/api")',
      "app/api/health.py": 'router = APIRouter(prefix="/v1")\n\n@router.get("/healthz", tags=["ops"])\ndef h(): ...',
    },
    "/api/v1/healthz app/api/health.py:3",
  ],
  [
    "routers in routers",
    {
      ...PY,
      "app/main.py":
        "from app.api.main import api_router\nfrom app.core.config import settings\napp.include_router(api_router, prefix=settings.API_V1_STR)",
      "app/core/config.py": 'class Settings:\n    API_V1_STR: str = "/api/v1"',
      "app/api/main.py":
        "from app.api.routes import users, utils\napi_router = APIRouter()\napi_router.include_router(utils.router)",
      "app/api/routes/utils.py":
        'router = APIRouter(prefix="/utils")\n@router.get("/health-check/")\nasync def h(): ...',
    },
    "/api/v1/utils/health-check/ app/api/routes/utils.py:2",
  ],
  [
    "a router under another name",
    {
      ...PY,
      "main.py": 'from .health import router as health_router\napp.include_router(health_router, prefix="/ops")',
      "health.py": 'router = APIRouter()\n@router.get("/ready")\ndef r(): ...',
    },
    undefined,
    "/ops/ready health.py:2",
  ],
  ["a route that is added", { ...PY, "main.py": 'app.add_api_route("/health", health([db]))' }, "/health main.py:1"],
  ["Flask", { ...PY, "app.py": '@app.route("/healthz", methods=["GET"])\ndef h(): ...' }, "/healthz app.py:1"],
  [
    "a blueprint",
    {
      ...PY,
      "app.py": 'from views import bp\napp.register_blueprint(bp, url_prefix="/api")',
      "views.py": 'bp = Blueprint("views", __name__)\n@bp.route("/status")\ndef s(): ...',
    },
    "/api/status views.py:2",
  ],
  ["a resource of Flask-RESTful", { ...PY, "app.py": 'api.add_resource(Health, "/health")' }, "/health app.py:1"],
  [
    "Django",
    {
      ...PY,
      "manage.py": "",
      "shop/urls.py": 'urlpatterns = [\n  path("admin/", admin.site.urls),\n  path("health/", views.health),\n]',
    },
    "/health/ shop/urls.py:3",
  ],
  [
    "an include of Django",
    {
      ...PY,
      "manage.py": "",
      "shop/urls.py": 'urlpatterns = [path("api/", include("core.urls"))]',
      "core/urls.py": 'urlpatterns = [\n  re_path(r"^healthz$", views.h)]',
    },
    "/api/healthz core/urls.py:2",
  ],
  [
    "django-health-check",
    { ...PY, "manage.py": "", "shop/urls.py": 'urlpatterns = [\n  path("ht/", include("health_check.urls")),\n]' },
    "/ht/ shop/urls.py:2",
  ],
  ["Starlette", { ...PY, "app.py": 'app = Starlette(routes=[\n  Route("/health", health),\n])' }, "/health app.py:2"],
  ["aiohttp", { ...PY, "app.py": 'app.router.add_get("/health", h)\n' }, "/health app.py:1"],
  [
    "Tornado",
    { ...PY, "app.py": 'import tornado.web\napp = tornado.web.Application([\n  (r"/healthz", Health),\n])' },
    "/healthz app.py:3",
  ],
  ["Litestar", { ...PY, "app.py": '@get("/health")\nasync def h() -> str: ...' }, "/health app.py:1"],
  ["an example in a docstring", { ...PY, "app.py": 'def f():\n  """\n  @app.get("/health")\n  """' }, undefined],
  ["a route that only takes", { ...PY, "app.py": '@app.route("/health", methods=["POST"])\ndef h(): ...' }, undefined],

  [
    "a blueprint filled elsewhere",
    {
      ...PY,
      "app/__init__.py": 'from app.main import bp as main_bp\napp.register_blueprint(main_bp, url_prefix="/api")',
      "app/main/__init__.py": 'bp = Blueprint("main", __name__)\nfrom app.main import routes',
      "app/main/routes.py": 'from app.main import bp\n\n@bp.route("/health")\ndef h(): ...',
    },
    "/api/health app/main/routes.py:3",
  ],
  [
    "Rails",
    {
      ...RAILS,
      "config/routes.rb":
        'Rails.application.routes.draw do\n  # get "health" => "x#y"\n  get "up" => "rails/health#show", as: :rails_health_check\nend',
    },
    "/up config/routes.rb:3",
  ],
  [
    "a namespace of Rails",
    {
      ...RAILS,
      "config/routes.rb":
        'Rails.application.routes.draw do\n  namespace :api do\n    scope "/v1" do\n      get "/health", to: "health#show"\n    end\n  end\n  get :other\nend',
    },
    "/api/v1/health config/routes.rb:4",
  ],
  [
    "a resource of Rails",
    { ...RAILS, "config/routes.rb": "Rails.application.routes.draw do\n  resource :health, only: [:show]\nend" },
    "/health config/routes.rb:2",
  ],
  [
    "an engine",
    {
      ...RAILS,
      "config/routes.rb": 'Rails.application.routes.draw do\n  mount OkComputer::Engine, at: "/checks"\nend',
    },
    "/checks config/routes.rb:2",
  ],
  [
    "a member of resources",
    {
      ...RAILS,
      "config/routes.rb": "Rails.application.routes.draw do\n  resources :orders do\n    get :status\n  end\nend",
    },
    undefined,
  ],
  [
    "Sinatra",
    { Gemfile: 'gem "sinatra"', "app.rb": 'require "sinatra"\nget "/health" do\n  "ok"\nend' },
    "/health app.rb:2",
  ],
  [
    "a class of Sinatra",
    { Gemfile: 'gem "sinatra"', "app.rb": 'class App < Sinatra::Base\n  get "/health" do\n    "ok"\n  end\nend' },
    "/health app.rb:2",
  ],

  [
    "Laravel 11",
    {
      ...LARAVEL,
      "bootstrap/app.php":
        "<?php\nreturn Application::configure()\n  ->withRouting(\n    web: __DIR__.'/../routes/web.php',\n    health: '/up',\n  )->create();",
    },
    "/up bootstrap/app.php:5",
  ],
  [
    "the API routes of Laravel",
    {
      ...LARAVEL,
      "routes/api.php":
        "<?php\nRoute::prefix('v1')->group(function () {\n  Route::get('/health', HealthController::class);\n});",
    },
    "/api/v1/health routes/api.php:3",
  ],
  [
    "an attribute of Symfony",
    {
      ...SYMFONY,
      "src/Controller/HealthController.php":
        "<?php\n#[Route('/api')]\nclass HealthController\n{\n  #[Route('/health', name: 'health', methods: ['GET'])]\n  public function show() {}\n}",
    },
    "/api/health src/Controller/HealthController.php:5",
  ],
  [
    "an annotation of Symfony",
    {
      ...SYMFONY,
      "src/Controller/H.php":
        '<?php\nclass H\n{\n  /**\n   * @Route("/healthz", name="h")\n   */\n  public function show() {}\n}',
    },
    "/healthz src/Controller/H.php:5",
  ],
  [
    "Slim",
    {
      "composer.json": '{"require":{"slim/slim":"4"}}',
      "public/index.php": "<?php\n$app->group('/api', function ($group) {\n  $group->get('/health', H::class);\n});",
    },
    "/api/health public/index.php:3",
  ],
])("%s", (_, files, health, readiness) => {
  expect(healthOf(files)).toEqual({ health, readiness });
});
