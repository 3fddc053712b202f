import { describe, expect, test } from "vitest";
import { dependenciesOf } from "../dependencies.ts";
import { memoryFiles } from "../files.ts";
import { takeSnapshot } from "../snapshot.ts";

function listed(files: Record<string, string>, folder = "."): string[] {
  return dependenciesOf(takeSnapshot(memoryFiles(files)), folder).map(
    ({ name, version, group, features, indirect, path, file, place }) =>
      [
        name,
        version ?? "-",
        group,
        ...features.map((feature) => `+${feature}`),
        ...(indirect ? ["indirect"] : []),
        ...(path === null ? [] : [`from ${path}`]),
        `${file}:${place()?.line}`,
      ].join(" "),
  );
}

const CASES: { title: string; files: Record<string, string>; folder?: string; expected: string[] }[] = [
  {
    title: "go.mod: indirect modules and replaced ones",
    files: {
      "svc/go.mod": `module example.com/shop
go 1.22
require github.com/lib/pq v1.10.9
require (
	github.com/redis/go-redis/v9 v9.5.1
	golang.org/x/sys v0.1.0 // indirect
	example.com/common v0.0.0
)
replace example.com/common => ../common
`,
    },
    folder: "svc",
    expected: [
      "github.com/lib/pq v1.10.9 prod svc/go.mod:3",
      "github.com/redis/go-redis/v9 v9.5.1 prod svc/go.mod:5",
      "golang.org/x/sys v0.1.0 prod indirect svc/go.mod:6",
      "example.com/common v0.0.0 prod from common svc/go.mod:7",
    ],
  },
  {
    title: "Cargo.toml: of the workspace, optional, renamed, for targets",
    files: {
      "Cargo.toml": `[workspace]\nmembers = ["api"]\n[workspace.dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\ncommon = { path = "common" }\n`,
      "api/Cargo.toml": `[dependencies]
sqlx = { workspace = true, features = ["migrate"] }
common.workspace = true
redis = { version = "0.25", optional = true }
pgdb = { package = "tokio-postgres", version = "0.7" }
[target.'cfg(unix)'.dependencies]
nix = "0.29"
[dev-dependencies]
rusqlite = "0.31"
`,
    },
    folder: "api",
    expected: [
      "sqlx 0.8 prod +migrate +postgres api/Cargo.toml:2",
      "common - prod from common api/Cargo.toml:3",
      "redis 0.25 optional api/Cargo.toml:4",
      "tokio-postgres 0.7 prod api/Cargo.toml:5",
      "rusqlite 0.31 dev api/Cargo.toml:9",
      "nix 0.29 prod api/Cargo.toml:7",
    ],
  },
  {
    title: "pom.xml with a parent of the repository",
    files: {
      "pom.xml": `<project><groupId>com.acme</groupId><artifactId>all</artifactId><packaging>pom</packaging>
<dependencies><dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency></dependencies></project>`,
      "api/pom.xml": `<project><parent><groupId>com.acme</groupId><artifactId>all</artifactId></parent>
<artifactId>api</artifactId>
<dependencies>
  <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><scope>runtime</scope></dependency>
  <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><version>2.2</version><scope>test</scope></dependency>
  <dependency><groupId>\${project.groupId}</groupId><artifactId>common</artifactId></dependency>
</dependencies></project>`,
    },
    folder: "api",
    expected: [
      "org.postgresql:postgresql - prod api/pom.xml:4",
      "com.h2database:h2 2.2 dev api/pom.xml:5",
      "com.acme:common - prod api/pom.xml:6",
      "org.slf4j:slf4j-api - prod pom.xml:2",
    ],
  },
  {
    title: "an empty relativePath of Maven leads nowhere",
    files: {
      "pom.xml": `<project><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies></project>`,
      "api/pom.xml": `<project><parent><artifactId>spring-boot-starter-parent</artifactId><relativePath/></parent></project>`,
    },
    folder: "api",
    expected: [],
  },
  {
    title: "Gradle: strings, maps, catalogs, projects, shared blocks",
    files: {
      "settings.gradle.kts": `include("api", "common", "moved")
project(":moved").projectDir = file("libs/else")`,
      "build.gradle.kts": `dependencies { implementation("only:root:1") }
subprojects {
  dependencies { implementation("org.slf4j:slf4j-api:2.0") }
}`,
      "gradle/libs.versions.toml": `[versions]\npg = "42.7"\n[libraries]\npostgres-jdbc = { module = "org.postgresql:postgresql", version.ref = "pg" }\njedis = "redis.clients:jedis:5.1"\nktor-core = { group = "io.ktor", name = "ktor-server-core" }\n[bundles]\nweb = ["ktor-core", "jedis"]\n`,
      "api/build.gradle.kts": `plugins { kotlin("jvm") }
dependencies {
  // implementation("old:old:1")
  implementation(libs.postgres.jdbc)
  implementation(libs.bundles.web)
  implementation(project(":common"))
  testImplementation("org.junit.jupiter:junit-jupiter:5.10")
  implementation(project(":moved"))
}`,
      "common/build.gradle.kts": "",
      "libs/else/build.gradle.kts": "",
    },
    folder: "api",
    expected: [
      "org.postgresql:postgresql 42.7 prod api/build.gradle.kts:4",
      "io.ktor:ktor-server-core - prod api/build.gradle.kts:5",
      "redis.clients:jedis 5.1 prod api/build.gradle.kts:5",
      "project:common - prod from common api/build.gradle.kts:6",
      "org.junit.jupiter:junit-jupiter 5.10 dev api/build.gradle.kts:7",
      "project:moved - prod from libs/else api/build.gradle.kts:8",
      "org.slf4j:slf4j-api 2.0 prod build.gradle.kts:3",
    ],
  },
  {
    title: "Gradle in Groovy",
    files: {
      "build.gradle": `dependencies {
    implementation 'org.springframework.boot:spring-boot-starter-data-redis'
    runtimeOnly group: 'mysql', name: 'mysql-connector-java', version: '8.0.33'
    testRuntimeOnly 'com.h2database:h2', 'a:b:1'
    developmentOnly 'org.springframework.boot:spring-boot-devtools'
}`,
    },
    expected: [
      "org.springframework.boot:spring-boot-starter-data-redis - prod build.gradle:2",
      "mysql:mysql-connector-java 8.0.33 prod build.gradle:3",
      "com.h2database:h2 - dev build.gradle:4",
      "a:b 1 dev build.gradle:4",
      "org.springframework.boot:spring-boot-devtools - dev build.gradle:5",
    ],
  },
  {
    title: "Gemfile with groups",
    files: {
      Gemfile: `source "https://rubygems.org"
gem "rails", "~> 7.1"
gem 'pg', '>= 1.1', require: false
# gem "mysql2"
group :development, :test do
  gem "sqlite3"
end
group :production do
  gem "redis"
end
gem "byebug", group: %i[development test]
gem "lograge", groups: [:production, :staging]
platforms :ruby do
  gem "puma"
end
`,
    },
    expected: [
      "rails ~> 7.1 prod Gemfile:2",
      "pg >= 1.1 prod Gemfile:3",
      "sqlite3 - dev Gemfile:6",
      "redis - prod Gemfile:9",
      "byebug - dev Gemfile:11",
      "lograge - prod Gemfile:12",
      "puma - prod Gemfile:14",
    ],
  },
  {
    title: "composer.json",
    files: {
      "composer.json": `{"require": {"php": ">=8.2", "ext-pdo_mysql": "*"},\n"require-dev": {"phpunit/phpunit": "^11"}}`,
    },
    expected: [
      "php >=8.2 prod composer.json:1",
      "ext-pdo_mysql * prod composer.json:1",
      "phpunit/phpunit ^11 dev composer.json:2",
    ],
  },
  {
    title: "project files of .NET with central versions",
    files: {
      "Directory.Packages.props": `<Project><ItemGroup><PackageVersion Include="Npgsql" Version="8.0.3"/></ItemGroup></Project>`,
      "Directory.Build.props": `<Project><ItemGroup><PackageReference Include="StyleCop.Analyzers" Version="1.1" PrivateAssets="all"/></ItemGroup></Project>`,
      "src/Api/Api.csproj": `<Project Sdk="Microsoft.NET.Sdk.Web">
  <ItemGroup>
    <PackageReference Include="Npgsql" />
    <PackageReference Include="MongoDB.Driver"><Version>2.25</Version></PackageReference>
    <ProjectReference Include="..\\Data\\Data.csproj" />
  </ItemGroup></Project>`,
    },
    folder: "src/Api",
    expected: [
      "npgsql 8.0.3 prod src/Api/Api.csproj:3",
      "mongodb.driver 2.25 prod src/Api/Api.csproj:4",
      "data - prod from src/Data src/Api/Api.csproj:5",
      "stylecop.analyzers 1.1 dev Directory.Build.props:1",
    ],
  },
  {
    title: "mix.exs",
    files: {
      "mix.exs": `defmodule Shop.MixProject do
  def project, do: [app: :shop, deps: deps()]
  defp deps do
    [
      {:phoenix, "~> 1.7"},
      {:postgrex, ">= 0.0.0"},
      # {:myxql, "~> 0.6"},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:heroicons, github: "tailwindlabs/heroicons", tag: "v2.1"},
      {:sentry, "~> 10", only: :prod},
      {:core, in_umbrella: true}
    ]
  end
end`,
    },
    expected: [
      "phoenix ~> 1.7 prod mix.exs:5",
      "postgrex >= 0.0.0 prod mix.exs:6",
      "credo ~> 1.7 dev mix.exs:8",
      "heroicons - prod mix.exs:9",
      "sentry ~> 10 prod mix.exs:10",
      "core - prod mix.exs:11",
    ],
  },
  {
    title: "mix.exs with the list in the project",
    files: {
      "mix.exs": 'defmodule A do\n  def project, do: [app: :a, deps: [{:nerves, "~> 1.10", runtime: false}]]\nend\n',
    },
    expected: ["nerves ~> 1.10 prod mix.exs:2"],
  },
];

describe("what manifests of compiled and other languages ask for", () => {
  test.each(CASES)("$title", ({ files, folder, expected }) => {
    expect(listed(files, folder)).toEqual(expected);
  });
});
