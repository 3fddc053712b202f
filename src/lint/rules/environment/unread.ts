import type { DotenvEntry } from "../../../formats/dotenv.ts";
import { extensionOf } from "../../../formats/tree.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";

/** Variables that libraries and tools read by themselves, so that no file of the repository has to name them. */
const READ_BY_OTHERS =
  /^(?:AWS|AZURE|ARM|GOOGLE|GCLOUD|GCP|COMPOSE|DOCKER|BUILDKIT|NODE|NPM|PNPM|YARN|BUN|DENO|PYTHON|PIP|UV|POETRY|RUBY|BUNDLE|RAILS|RACK|GO|CGO|CARGO|RUST|JAVA|JVM|MAVEN|GRADLE|SPRING|QUARKUS|MICRONAUT|DOTNET|ASPNETCORE|PHP|COMPOSER|APP|DB|LOG|CACHE|QUEUE|SESSION|MAIL|REDIS|PG|POSTGRES|MYSQL|MARIADB|MONGO|MINIO|RABBITMQ|NEXT|NEXTAUTH|AUTH|NUXT|NITRO|VITE|ASTRO|SENTRY|OTEL|DD|NEW_RELIC|STRIPE|CLERK|SUPABASE|FIREBASE|OPENAI|ANTHROPIC|TZ|LANG|LC|PATH|HOME|HTTPS?_PROXY|NO_PROXY|PORT|HOST|CI|DEBUG|ENV|CELERY|DJANGO|FLASK|UVICORN|GUNICORN|WEB|PUMA|SIDEKIQ|CADDY|TRAEFIK|NGINX|CLOUDFLARE|VERCEL|RAILWAY|FLY|RENDER|HEROKU|TF|TURBO|NX|PRISMA|HASURA|KC|KEYCLOAK|GF|GRAFANA)(?:_|$)|^PG[A-Z]/;
/** Files that name variables without reading them. */
const ONLY_NAMES = new Set(["md", "mdx", "txt", "rst", "lock", "svg", "csv"]);
const MOST_CHARACTERS = 1 << 20;

/** Variables of a sample that no other file of the repository names, though services are known. */
export function unknownTo(
  { path, lines }: LintFile,
  entries: readonly DotenvEntry[],
  { tree, services }: RuleContext,
): Complaint[] {
  const read = new Set(services.flatMap(({ env }) => env.map(({ name }) => name)));
  if (read.size === 0) return [];
  const explained = (line: number) => /^\s*#/.test(lines[line - 2] ?? "") || /\s#/.test(lines[line - 1] ?? "");
  const open = new Map(
    entries
      .filter(({ key, line }) => !read.has(key) && !READ_BY_OTHERS.test(key) && !explained(line))
      .map((entry) => [entry.key, entry]),
  );
  let looked = false;
  for (const other of tree.paths) {
    if (open.size === 0) break;
    if (other === path || ONLY_NAMES.has(extensionOf(other)) || /(?:^|\/)\.env(?:\.|$)/.test(other)) continue;
    const text = tree.text(other);
    if (text === undefined || text.length > MOST_CHARACTERS) continue;
    looked = true;
    for (const key of open.keys()) if (text.includes(key)) open.delete(key);
  }
  // A sample alone tells nothing of the code that reads it.
  return [...(looked ? open.values() : [])].map(({ key, line, column }) => ({
    line,
    column,
    severity: "note",
    message: `no file of this repository reads ${key}: remove it, or say above it what does`,
  }));
}
