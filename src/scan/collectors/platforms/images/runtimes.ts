import { type ImageReference, imageReference, leadingVersion } from "./reference.ts";

interface ImageRuntime {
  name: string;
  version: string | null;
}

/** Images with a runtime: which path, what it runs, and where its version stands where the tag does not begin with it. */
const RUNTIMES: readonly { path: RegExp; name: string; version?: RegExp }[] = [
  { path: /(?:^|\/)nodejs-?(\d+)(?:-debian\d+|-minimal)?$/, name: "node" },
  { path: /^(?:.*\/)?(?:node|nodejs|alpine-node|lambda\/nodejs)$/, name: "node" },
  { path: /^oven\/bun$/, name: "bun" },
  { path: /^denoland\/deno$/, name: "deno", version: /(\d+\.\d+(?:\.\d+)?)/ },
  { path: /^tiangolo\/(?:uvicorn|uwsgi|meinheld)-/, name: "python", version: /^python(\d+\.\d+)/ },
  { path: /^astral-sh\/uv$/, name: "python", version: /python(\d+\.\d+)/ },
  { path: /(?:^|\/)python-?(3\d*)(?:-debian\d+)?$/, name: "python", version: /^(\d+\.\d+(?:\.\d+)?)/ },
  { path: /^(?:.*\/)?(?:python|lambda\/python)$/, name: "python" },
  { path: /^(?:.*\/)?(?:golang|go-toolset|lambda\/go)$/, name: "go" },
  { path: /^(?:.*\/)?cargo-chef$/, name: "rust", version: /rust-(\d+(?:\.\d+)*)/ },
  { path: /^(?:.*\/)?rust$/, name: "rust" },
  { path: /(?:^|\/)(?:java|openjdk)-?(\d+)(?:-debian\d+|-runtime)?$/, name: "java" },
  {
    path: /^(?:.*\/)?(?:maven|gradle|tomcat|jetty|clojure|scala-sbt|sbt)$/,
    name: "java",
    version: /(?:jdk|jre|java|openjdk|temurin|corretto|semeru|zulu|liberica)-?(\d+)/,
  },
  {
    path: /^(?:.*\/)?(?:openjdk|eclipse-temurin|amazoncorretto|adoptopenjdk|zulu-openjdk\S*|liberica-\S+|ibm-semeru-runtimes|sapmachine|jdk|jre|java|native-image\S*|graalvm\S*|lambda\/java|corretto)$/,
    name: "java",
    version: /^(?:jdk-?|jre-?|java|open-|ol\d-java)?(\d+(?:\.\d+){0,2})/,
  },
  { path: /^(?:.*\/)?ruby$/, name: "ruby" },
  { path: /^dunglas\/frankenphp$/, name: "php", version: /php(\d+\.\d+(?:\.\d+)?)/ },
  { path: /^(?:.*\/)?(?:php|php-nginx|php-apache|php-fpm)$/, name: "php" },
  { path: /^(?:dotnet|dotnet\/core)\/(?:aspnet|runtime|runtime-deps|sdk|nightly\/\w+)$/, name: "dotnet" },
  { path: /^(?:.*\/)?elixir$/, name: "elixir" },
];

/** The runtime that an image brings, and its version where the tag tells it. */
export function imageRuntime(image: string): ImageRuntime | undefined {
  const reference = imageReference(image);
  const found = reference && RUNTIMES.find(({ path }) => path.test(reference.path));
  if (!found) return undefined;
  const own = found.path.exec(reference.path)?.[1];
  const version =
    found.version?.exec(reference.tag)?.[1] ??
    (own === undefined ? leadingVersion(reference.tag) : dotted(found.name, own));
  return { name: found.name, version };
}

/** `python39` of a name is 3.9. */
function dotted(name: string, digits: string): string | null {
  if (name !== "python") return digits;
  return digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : null;
}

/** Servers of files: where their pages lie, and the port they listen on when nothing says another. */
const SERVERS: readonly { path: RegExp; roots: readonly string[]; port: number }[] = [
  {
    path: /^(?:nginxinc\/nginx-unprivileged|bitnami\/nginx|chainguard\/nginx)$/,
    roots: ["/usr/share/nginx/html", "/app"],
    port: 8080,
  },
  { path: /^(?:.*\/)?(?:nginx|openresty|nginx-\w+)$/, roots: ["/usr/share/nginx/html", "/var/www", "/www"], port: 80 },
  { path: /^(?:.*\/)?caddy$/, roots: ["/usr/share/caddy", "/srv", "/var/www", "/app"], port: 80 },
  { path: /^(?:.*\/)?(?:httpd|apache)$/, roots: ["/usr/local/apache2/htdocs", "/var/www/html"], port: 80 },
  { path: /^joseluisq\/static-web-server$/, roots: ["/public", "/var/public"], port: 80 },
  { path: /^halverneus\/static-file-server$/, roots: ["/web"], port: 8080 },
  { path: /^pierrezemb\/gostatic$/, roots: ["/srv/http"], port: 8043 },
  { path: /^lipanski\/docker-static-website$/, roots: ["."], port: 3000 },
];

/** The server of files that an image is. */
export function fileServer(image: string): { roots: readonly string[]; port: number } | undefined {
  const reference: ImageReference | undefined = imageReference(image);
  return reference && SERVERS.find(({ path }) => path.test(reference.path));
}

const PROXIES =
  /^(?:.*\/)?(?:traefik|haproxy|envoy|nginx-proxy|jwilder\/nginx-proxy|kong|pomerium|certbot|acme-companion|oauth2-proxy|cloudflared)$/;

/** Whether an image only hands requests on. */
export function isProxy(image: string): boolean {
  return PROXIES.test(imageReference(image)?.path ?? "");
}
