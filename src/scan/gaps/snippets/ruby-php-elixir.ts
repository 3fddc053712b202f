import { type Snippets, snippet } from "./snippet.ts";

export const rails: Snippets = {
  health: snippet(
    `
# Rails 7.1 and newer.
get "up" => "rails/health#show", as: :rails_health_check`,
    "config/routes.rb",
  ),
  shutdown: snippet(
    `
# Puma ends its threads after their requests when SIGTERM comes.
gem "puma"`,
    "Gemfile",
  ),
  metrics: snippet(
    `
# Gemfile: gem "yabeda-rails", gem "yabeda-prometheus"
mount Yabeda::Prometheus::Exporter => "/metrics"`,
    "config/routes.rb",
  ),
  logging: snippet(
    `
# Gemfile: gem "lograge"
Rails.application.configure do
  config.lograge.enabled = true
  config.lograge.formatter = Lograge::Formatters::Json.new
end`,
    "config/initializers/lograge.rb",
  ),
};

export const sinatra: Snippets = {
  health: snippet(`
get "/healthz" do
  content_type :json
  '{"status":"ok"}'
end`),
  shutdown: snippet(
    `
# Puma ends its threads after their requests when SIGTERM comes.
gem "puma"`,
    "Gemfile",
  ),
  metrics: snippet(
    `
# Gemfile: gem "prometheus-client"
require "prometheus/middleware/collector"
require "prometheus/middleware/exporter"

use Prometheus::Middleware::Collector
use Prometheus::Middleware::Exporter`,
    "config.ru",
  ),
  logging: snippet(`
require "json"
require "logger"

LOGGER = Logger.new($stdout)
LOGGER.formatter = proc do |severity, time, _program, message|
  "#{JSON.generate(level: severity, time: time.utc, message: message)}\\n"
end`),
};

export const laravel: Snippets = {
  health: snippet(
    `
<?php

use Illuminate\\Support\\Facades\\Route;

// Laravel 11 and newer take \`health: '/up'\` in withRouting() of bootstrap/app.php instead.
Route::get('/healthz', fn () => response()->json(['status' => 'ok']));`,
    "routes/web.php",
  ),
  metrics: snippet(
    `
<?php

// composer require spatie/laravel-prometheus; it answers on /prometheus.
use Illuminate\\Support\\Facades\\Queue;
use Spatie\\Prometheus\\Facades\\Prometheus;

Prometheus::addGauge('Jobs waiting')->value(fn () => Queue::size());`,
    "app/Providers/PrometheusServiceProvider.php",
  ),
  logging: snippet(
    `
<?php

// A channel of config/logging.php; LOG_CHANNEL=stdout selects it.
return [
    'stdout' => [
        'driver' => 'monolog',
        'handler' => Monolog\\Handler\\StreamHandler::class,
        'with' => ['stream' => 'php://stdout'],
        'formatter' => Monolog\\Formatter\\JsonFormatter::class,
    ],
];`,
    "config/logging.php",
  ),
};

export const phoenix: Snippets = {
  health: snippet(
    `
# lib/app_web/endpoint.ex, in front of the router
plug :healthz

defp healthz(%{request_path: "/healthz"} = conn, _options) do
  conn |> Plug.Conn.send_resp(200, "ok") |> Plug.Conn.halt()
end

defp healthz(conn, _options), do: conn`,
  ),
  metrics: snippet(
    `
# mix.exs: {:prom_ex, "~> 1.11"}; lib/app_web/endpoint.ex
plug PromEx.Plug, prom_ex_module: App.PromEx, path: "/metrics"`,
  ),
  logging: snippet(
    `
# mix.exs: {:logger_json, "~> 7.0"}
config :logger, :default_handler, formatter: {LoggerJSON.Formatters.Basic, metadata: :all}`,
    "config/prod.exs",
  ),
};
