import { expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";

const crate = (dependencies: string, more = "") =>
  `[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n${more}\n[dependencies]\n${dependencies}\n`;
const axum = (main: string, more: Repository = {}): Repository => ({
  "Cargo.toml": crate('axum = "0.7"\ntokio = { version = "1", features = ["full"] }'),
  "src/main.rs": `use axum::{routing::get, Router};\n\n#[tokio::main]\nasync fn main() {\n${main}\n}\n`,
  ...more,
});
const listen = (address: string) =>
  `    let listener = tokio::net::TcpListener::bind(${address}).await.unwrap();\n    axum::serve(listener, Router::new()).await.unwrap();`;

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "axum",
    axum(listen('"0.0.0.0:3000"')),
    {
      name: "shop",
      language: "Rust",
      runtime: { name: "rust", version: null },
      packageManager: "cargo",
      framework: "axum",
      kind: "api",
      install: "cargo fetch",
      build: "cargo build --release",
      start: "./target/release/shop",
      port: 3000,
      bind: "0.0.0.0",
      test: null,
    },
  ],
  [
    "Leptos over axum",
    {
      "Cargo.toml": crate('axum = "0.7"\nleptos = "0.6"', '[package.metadata.leptos]\nsite-addr = "127.0.0.1:3300"'),
      "src/main.rs": "use axum::Router;\n#[tokio::main]\nasync fn main() {}\n",
    },
    { framework: "leptos", kind: "ssr", build: "cargo leptos build --release", port: 3300 },
  ],
  [
    "templates of Rocket",
    {
      "Cargo.toml": crate('rocket = "0.5"\nrocket_dyn_templates = { version = "0.1", features = ["tera"] }'),
      "src/main.rs": "#[launch]\nfn rocket() -> _ { rocket::build() }\n",
    },
    { framework: "rocket", kind: "web", port: 8000 },
  ],
  [
    "a socket address",
    axum("    let addr = SocketAddr::from(([127, 0, 0, 1], 3100));\n    axum::Server::bind(&addr);"),
    { port: 3100, bind: "127.0.0.1" },
  ],
  [
    "an unspecified address",
    axum("    let addr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 3200);\n    axum::Server::bind(&addr);"),
    { port: 3200 },
  ],
  [
    "a variable with a default",
    axum(
      `    let port: u16 = std::env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(3300);\n${listen('format!("0.0.0.0:{port}")')}`,
    ),
    { port: 3300 },
  ],
  [
    "a variable with a default text",
    axum(`    let port = env::var("PORT").unwrap_or_else(|_| "3400".to_string());\n${listen("addr")}`),
    { port: 3400 },
  ],
  [
    "an argument with a default",
    axum(listen("args.addr()"), {
      "src/args.rs": "",
      "Cargo.toml": crate('axum = "0.7"\nclap = "4"'),
      "src/main.rs": `use axum::Router;\nuse clap::Parser;\n\n#[derive(Parser)]\nstruct Args {\n    /// Where it listens\n    #[arg(short, long, env = "PORT", default_value_t = 3500)]\n    port: u16,\n}\n\nfn main() {\n${listen("a")}\n}\n`,
    }),
    { port: 3500, kind: "api", start: "./target/release/shop" },
  ],
  [
    "a comment is no address",
    axum(`    // TcpListener::bind("0.0.0.0:1111")\n${listen('"[::]:3600"')}`),
    { port: 3600, bind: "0.0.0.0" },
  ],
  [
    "a test's address is not its own",
    axum(listen("address()"), {
      "src/main.rs":
        'use axum::Router;\nconst PORT: u16 = 3650;\nfn main() {}\n\n#[cfg(test)]\nmod tests {\n    fn x() { bind("127.0.0.1:1111"); }\n}\n',
    }),
    { port: 3650 },
  ],
  [
    "a client's address is not its own",
    axum(`    let redis = redis::Client::open("127.0.0.1:6379");\n${listen('"0.0.0.0:3700"')}`),
    { port: 3700 },
  ],
  [
    "settings of a file",
    axum(listen("settings.address()"), { "config/default.toml": "[server]\nport = 3800\n" }),
    { port: 3800 },
  ],
  [
    "actix with templates",
    {
      "Cargo.toml": crate('actix-web = "4"\naskama = "0.12"'),
      "src/main.rs":
        'use actix_web::{App, HttpServer};\nuse askama::Template;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(("127.0.0.1", 8080))?.run().await\n}\n',
    },
    { framework: "actix", port: 8080, bind: "127.0.0.1", kind: "web" },
  ],
  [
    "rocket by itself",
    {
      "Cargo.toml": crate('rocket = "0.5"'),
      "src/main.rs": "#[macro_use] extern crate rocket;\n\n#[launch]\nfn rocket() -> _ { rocket::build() }\n",
    },
    { framework: "rocket", port: 8000, bind: "127.0.0.1" },
  ],
  [
    "rocket with its file",
    {
      "Cargo.toml": crate('rocket = "0.5"'),
      "Rocket.toml": '[default]\naddress = "0.0.0.0"\nport = 8001\n',
      "src/main.rs": "use rocket::get;\n#[launch]\nfn rocket() -> _ { rocket::build() }\n",
    },
    { framework: "rocket", port: 8001, bind: "0.0.0.0" },
  ],
  [
    "warp",
    {
      "Cargo.toml": crate('warp = "0.3"'),
      "src/main.rs": "use warp::Filter;\nfn main() {\n    warp::serve(routes).run(([127, 0, 0, 1], 3030)).await;\n}\n",
    },
    { framework: "warp", port: 3030 },
  ],
  [
    "poem",
    {
      "Cargo.toml": crate('poem = "3"'),
      "src/main.rs":
        'use poem::{listener::TcpListener, Server};\nfn main() {\n    Server::new(TcpListener::bind("0.0.0.0:3040")).run(app).await\n}\n',
    },
    { framework: "poem", port: 3040 },
  ],
  [
    "a framework for tests alone is none",
    {
      "Cargo.toml": `${crate("")}\n[dev-dependencies]\naxum = "0.7"\n`,
      "src/main.rs": 'fn main() { println!("hello"); }\n',
    },
    { framework: null, kind: null, start: "./target/release/shop" },
  ],
  [
    "a tool",
    { "Cargo.toml": crate('clap = "4"'), "src/main.rs": "use clap::Parser;\nfn main() {}\n" },
    { kind: "cli", start: null },
  ],
  [
    "a library",
    { "Cargo.toml": crate('axum = "0.7"'), "src/lib.rs": "pub fn add() {}\n#[cfg(test)]\nmod tests {}\n" },
    { kind: "library", start: null, test: "cargo test" },
  ],
  [
    "versions",
    axum(listen('"0.0.0.0:3000"'), {
      "rust-toolchain.toml": '[toolchain]\nchannel = "1.78.0"\n',
      "Cargo.toml": crate('axum = "0.7"', 'rust-version = "1.70"'),
    }),
    { runtime: { name: "rust", version: "1.78.0" } },
  ],
  [
    "a version of the manifest",
    axum("", { "Cargo.toml": crate('axum = "0.7"', 'rust-version = "1.70"') }),
    { runtime: { name: "rust", version: "1.70" } },
  ],
  [
    "a toolchain of one word",
    axum("", { "rust-toolchain": "nightly-2024-01-01\n" }),
    { runtime: { name: "rust", version: "nightly-2024-01-01" } },
  ],
  [
    "a page of Trunk",
    {
      "Cargo.toml": crate('yew = { version = "0.21", features = ["csr"] }'),
      "index.html": '<link data-trunk rel="rust" />',
      "src/main.rs": "use yew::prelude::*;\nfn main() {}\n",
    },
    { kind: "spa", framework: "yew", output: "dist", start: null, build: "trunk build --release" },
  ],
  [
    "a bot",
    { "Cargo.toml": crate('serenity = "0.12"'), "src/main.rs": "use serenity::prelude::*;\nfn main() {}\n" },
    { kind: "worker", start: "./target/release/shop" },
  ],
  [
    "a program with a window",
    { "Cargo.toml": crate('tauri = "2"'), "src/main.rs": "fn main() { tauri::Builder::default(); }\n" },
    { kind: "cli", start: null },
  ],
  [
    "a program with a window that only calls its own library",
    {
      "Cargo.toml": crate('tauri = "2"'),
      "tauri.conf.json": "{}",
      "src/main.rs": "fn main() { app_lib::run(); }\n",
    },
    { kind: "cli", start: null },
  ],
  [
    "a program with a window that opens a socket for it",
    {
      "Cargo.toml": crate('tauri = "2"\naxum = "0.7"'),
      "tauri.conf.json": "{}",
      "src/main.rs": `use axum::Router;\nfn main() { tauri::Builder::default(); }\n// 0\nfn x() {\n${listen('"127.0.0.1:1420"')}\n}\n`,
    },
    { kind: "cli", start: null, framework: null, port: null },
  ],
  [
    "the default of a field",
    axum(listen("settings.address()"), {
      "src/main.rs": "use axum::Router;\nstruct S {\n    #[default(8536)]\n    pub port: u16,\n}\nfn main() {}\n",
    }),
    { port: 8536 },
  ],
  [
    "a broken manifest",
    { "Cargo.toml": "\uFEFF[package\r\nname = ", "src/main.rs": "fn main() {}\n" },
    { language: "Rust", packageManager: "cargo", name: null, start: null },
  ],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});

test("programs of a crate that wait are services", () => {
  const files: Repository = {
    "Cargo.toml": `${crate('axum = "0.7"')}\n[[bin]]\nname = "api"\npath = "src/api.rs"\n`,
    "src/api.rs": 'use axum::Router;\nuse shop::state;\nfn main() { TcpListener::bind("0.0.0.0:3000"); }\n',
    "src/bin/worker.rs": "fn main() { loop {} }\n",
    "src/bin/seed.rs": "fn main() {}\n",
    "src/lib.rs": "pub mod state;\n",
    "src/state.rs": "",
  };
  const found = servicesIn(files);
  expect(Object.keys(found)).toEqual(["api", "worker"]);
  expect(found.api).toMatchObject({
    build: "cargo build --release --bin api",
    start: "./target/release/api",
    port: 3000,
    framework: "axum",
  });
  expect(found.worker).toMatchObject({ kind: "worker", framework: null, start: "./target/release/worker", port: null });
});

test("default-run names the program where none serves", () => {
  const files: Repository = {
    "Cargo.toml": crate("", 'default-run = "main-one"'),
    "src/bin/main-one.rs": "fn main() {}\n",
    "src/bin/other.rs": "fn main() {}\n",
  };
  expect(factsIn(files, ["start"])).toEqual({ start: "./target/release/main-one" });
});

test("members of a workspace", () => {
  const files: Repository = {
    "Cargo.toml":
      '[workspace]\nmembers = ["crates/*"]\n\n[workspace.package]\nrust-version = "1.75"\n\n[workspace.dependencies]\naxum = "0.7"\nhttp-layer = { path = "crates/http-layer" }\n',
    "crates/api/Cargo.toml":
      '[package]\nname = "shop-api"\nrust-version.workspace = true\n[dependencies]\nhttp-layer.workspace = true\n',
    "crates/api/src/main.rs": "fn main() { http_layer::run(); }\n",
    "crates/http-layer/Cargo.toml": '[package]\nname = "http-layer"\n[dependencies]\naxum = { workspace = true }\n',
    "crates/migration/Cargo.toml": '[package]\nname = "migration"\n',
    "crates/migration/src/main.rs": "fn main() {}\n",
    "crates/http-layer/src/lib.rs": 'use axum::Router;\npub fn run() { TcpListener::bind("0.0.0.0:4000"); }\n',
  };
  const found = servicesIn(files);
  expect(Object.keys(found)).toEqual(["api"]);
  expect(found.api).toMatchObject({
    path: "crates/api",
    framework: "axum",
    port: 4000,
    workspace: ".",
    internal: ["crates/http-layer"],
    runtime: { name: "rust", version: "1.75" },
    build: "cargo build --release -p shop-api --target-dir target",
    start: "./target/release/shop-api",
  });
  expect(factsIn(files, ["kind"], ".")).toEqual({ kind: "library" });
  expect(factsIn(files, ["kind"], "crates/http-layer")).toEqual({ kind: "library" });
});
