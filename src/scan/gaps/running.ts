import { CERTAIN } from "../fact.ts";
import { factValue } from "../services.ts";
import { patchFor } from "./patch.ts";
import type { GapRule } from "./rule.ts";
import type { GapSite } from "./site.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/;
/** Programs that end the work in hand by themselves. */
const GRACEFUL =
  /\b(?:gunicorn|uvicorn|hypercorn|daphne|granian|puma|unicorn|falcon|frankenphp|next start|dotnet|nginx|caddy|remix-serve|react-router-serve|apache2|php-fpm)\b/;
/** Frameworks without a server of their own to stop, or with one that needs no word. */
const NO_STOP = new Set([
  "laravel",
  "symfony",
  "slim",
  "codeigniter",
  "cakephp",
  "phoenix",
  "plug",
  "next",
  "nuxt",
  "aspnet-core",
  "blazor",
  "rocket",
  "actix",
  "quarkus",
  "micronaut",
]);

/** What a service lacks while it runs: answers about itself, an end, a log. */
export const RUNNING: readonly GapRule[] = [
  {
    id: "no-health-route",
    title: "no health route",
    why: "A release is judged by asking the service whether it works; without a route for that, one that is broken takes traffic.",
    find: (site) =>
      lacks(
        site,
        site.isServer &&
          factValue(site.service, "health") === undefined &&
          factValue(site.service, "readiness") === undefined,
        "health",
      ),
  },
  {
    id: "loopback-bind",
    title: "listens on the loopback address",
    why: "Nothing outside its container reaches a service that listens on 127.0.0.1, so every probe fails.",
    find({ service, framework, language, entry }) {
      const bind = service.facts.get("bind");
      if (!bind || bind.confidence < CERTAIN || !LOOPBACK.test(String(bind.value))) return undefined;
      return {
        evidence: bind.evidence,
        patch: { file: bind.evidence[0]?.file ?? entry.file, text: listenOn(framework, language) },
      };
    },
  },
  {
    id: "no-graceful-stop",
    title: "does not end its work on SIGTERM",
    why: "A release ends the old instance with SIGTERM; requests and jobs that it has begun are cut off.",
    find(site) {
      const { service, kind, framework } = site;
      const start = String(service.facts.get("start")?.value ?? "");
      const ends =
        factValue(service, "shutdown") !== undefined ||
        GRACEFUL.test(start) ||
        (framework !== undefined && NO_STOP.has(framework));
      return lacks(site, (site.isServer || kind === "worker") && !ends, "shutdown");
    },
  },
  {
    id: "no-json-logs",
    title: "no structured log",
    why: "Lines of words cannot be filtered by request or level once several instances write them.",
    find(site) {
      const logging = site.service.facts.get("logging");
      if (factValue(site.service, "logging")?.json || !(site.isServer || site.kind === "worker")) return undefined;
      const found = lacks(site, true, "logging");
      return found && logging ? { ...found, evidence: logging.evidence } : found;
    },
  },
  {
    id: "no-metrics",
    title: "no metrics",
    why: "Without numbers of requests, errors and durations nothing warns before users do.",
    find: (site) => lacks(site, site.isServer && factValue(site.service, "metrics") === undefined, "metrics"),
  },
  {
    id: "open-cors",
    title: "every page of the web may call it",
    why: "With `*` as the allowed origin any page that a user opens can read what the service answers.",
    find({ service, language, entry }) {
      const cors = service.facts.get("cors");
      if (!factValue(service, "cors")?.open || !cors) return undefined;
      const text = language === undefined || !Object.hasOwn(ORIGINS, language) ? undefined : ORIGINS[language];
      return {
        evidence: cors.evidence,
        patch: text === undefined ? undefined : { file: cors.evidence[0]?.file ?? entry.file, text },
      };
    },
  },
];

function lacks(site: GapSite, isLacking: boolean, topic: Parameters<typeof patchFor>[1]) {
  return isLacking ? { evidence: [site.entry], patch: patchFor(site, topic) } : undefined;
}

const SCRIPT_LISTEN = 'app.listen(process.env.PORT ?? 3000, "0.0.0.0");\n';
const LISTEN: Record<string, string> = {
  fastify: 'await app.listen({ port: Number(process.env.PORT ?? 3000), host: "0.0.0.0" });\n',
  nest: 'await app.listen(process.env.PORT ?? 3000, "0.0.0.0");\n',
  hono: 'serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "0.0.0.0" });\n',
  flask: 'app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "5000")))\n',
  fastapi: 'uvicorn.run(app, host="0.0.0.0", port=int(os.environ.get("PORT", "8000")))\n',
  "spring-boot": "server.address=0.0.0.0\nserver.port=${PORT:8080}\n",
  actix: 'HttpServer::new(app).bind(("0.0.0.0", port))?.run().await\n',
  axum: 'let listener = tokio::net::TcpListener::bind(("0.0.0.0", port)).await?;\n',
  rails: 'port ENV.fetch("PORT", 3000)\nbind "tcp://0.0.0.0:#{ENV.fetch("PORT", 3000)}"\n',
};
const LISTEN_LANGUAGE: Record<string, string> = {
  JavaScript: SCRIPT_LISTEN,
  TypeScript: SCRIPT_LISTEN,
  Python: 'server.serve(host="0.0.0.0", port=int(os.environ.get("PORT", "8000")))\n',
  Go: 'port := os.Getenv("PORT")\nif port == "" {\n\tport = "8080"\n}\nlog.Fatal(http.ListenAndServe(":"+port, handler))\n',
  "C#": 'builder.WebHost.UseUrls($"http://0.0.0.0:{Environment.GetEnvironmentVariable("PORT") ?? "8080"}");\n',
};

/** Words that listen on each address, on the port that the environment names. */
export function listenOn(framework: string | undefined, language: string | undefined): string {
  const own = framework !== undefined && Object.hasOwn(LISTEN, framework) ? LISTEN[framework] : undefined;
  const other =
    language !== undefined && Object.hasOwn(LISTEN_LANGUAGE, language) ? LISTEN_LANGUAGE[language] : undefined;
  return own ?? other ?? "HOST=0.0.0.0\n";
}

const SCRIPT_ORIGINS = 'app.use(cors({ origin: process.env.ALLOWED_ORIGINS?.split(",") ?? [] }));\n';
const ORIGINS: Record<string, string> = {
  JavaScript: SCRIPT_ORIGINS,
  TypeScript: SCRIPT_ORIGINS,
  Python: 'allow_origins=os.environ.get("ALLOWED_ORIGINS", "").split(",")\n',
  Go: 'AllowOrigins: strings.Split(os.Getenv("ALLOWED_ORIGINS"), ","),\n',
  Ruby: 'origins(*ENV.fetch("ALLOWED_ORIGINS", "").split(","))\n',
  PHP: "'allowed_origins' => array_filter(explode(',', env('ALLOWED_ORIGINS', ''))),\n",
  "C#": "policy.WithOrigins(builder.Configuration[\"AllowedOrigins\"]?.Split(',') ?? []);\n",
  Java: '.allowedOrigins(environment.getProperty("allowed.origins", String[].class, new String[0]))\n',
};
