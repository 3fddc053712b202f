import { type Snippets, snippet } from "./snippet.ts";

const LOGGING = snippet(`
// cargo add tracing tracing-subscriber --features tracing-subscriber/json,tracing-subscriber/env-filter
fn write_json_logs() {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .init();
}`);

const SIGNAL = `
async fn stop_signal() {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("SIGTERM");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}`;

export const axum: Snippets = {
  health: snippet(`
fn with_health(router: axum::Router) -> axum::Router {
    router.route("/healthz", axum::routing::get(|| async { "ok" }))
}`),
  shutdown: snippet(`
${SIGNAL}

async fn serve(listener: tokio::net::TcpListener, app: axum::Router) -> std::io::Result<()> {
    axum::serve(listener, app).with_graceful_shutdown(stop_signal()).await
}`),
  metrics: snippet(`
// cargo add axum-prometheus
fn with_metrics(router: axum::Router) -> axum::Router {
    let (layer, handle) = axum_prometheus::PrometheusMetricLayer::pair();
    router
        .route("/metrics", axum::routing::get(|| async move { handle.render() }))
        .layer(layer)
}`),
  logging: LOGGING,
};

export const actix: Snippets = {
  health: snippet(`
// App::new().service(healthz)
#[actix_web::get("/healthz")]
async fn healthz() -> impl actix_web::Responder {
    actix_web::HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}`),
  shutdown: snippet(`
// HttpServer ends on SIGTERM by itself; this is how long open requests may take.
const GRACE_SECONDS: u64 = 20;
// HttpServer::new(…).shutdown_timeout(GRACE_SECONDS)`),
  metrics: snippet(`
// cargo add actix-web-prom; App::new().wrap(metrics())
fn metrics() -> actix_web_prom::PrometheusMetrics {
    actix_web_prom::PrometheusMetricsBuilder::new("app")
        .endpoint("/metrics")
        .build()
        .expect("metrics")
}`),
  logging: LOGGING,
};
