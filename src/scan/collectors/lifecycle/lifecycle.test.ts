import { expect, test } from "vitest";
import { memoryFiles } from "../../files.ts";
import { scanUnits } from "../../scan.ts";
import { takeSnapshot } from "../../snapshot.ts";

const NODE = { "package.json": "{}" };
const PY = { "requirements.txt": "" };
const GO = { "go.mod": "module x" };

function seen(files: Record<string, string>, name: string): string | undefined {
  const fact = scanUnits(takeSnapshot(memoryFiles(files))).units[0]?.facts.get(name);
  return fact && `${fact.evidence[0]?.file}:${fact.evidence[0]?.line} ${JSON.stringify(fact.value)}`;
}

const STOPS = '{"signal":"SIGTERM"}';

test.each<[string, Record<string, string>, string | undefined]>([
  ["Node", { ...NODE, "a.js": '\nprocess.on("SIGTERM", () => server.close());' }, `a.js:2 ${STOPS}`],
  [
    "a list of signals",
    { ...NODE, "a.js": 'for (const s of ["SIGINT", "SIGTERM"]) process.once(s, stop);' },
    `a.js:1 ${STOPS}`,
  ],
  ["hooks of Nest", { ...NODE, "main.ts": "app.enableShutdownHooks();" }, `main.ts:1 ${STOPS}`],
  ["only Ctrl-C", { ...NODE, "a.js": 'process.on("SIGINT", stop);' }, undefined],
  ["a signal sent to others", { ...NODE, "a.js": 'child.kill("SIGTERM");' }, undefined],
  ["a comment", { ...NODE, "a.js": '// process.on("SIGTERM", f)' }, undefined],
  ["Python", { ...PY, "w.py": "signal.signal(signal.SIGTERM, stop)" }, `w.py:1 ${STOPS}`],
  ["gunicorn", { "requirements.txt": "flask\ngunicorn==22\n" }, `requirements.txt:2 ${STOPS}`],
  [
    "Go",
    {
      ...GO,
      "main.go":
        "package main\nfunc main() {\n\tctx, stop := signal.NotifyContext(bg, os.Interrupt, syscall.SIGTERM)\n}",
    },
    `main.go:3 ${STOPS}`,
  ],
  [
    "Go, behind a context made in place",
    { ...GO, "main.go": "package main\nvar ctx, stop = signal.NotifyContext(context.Background(), syscall.SIGTERM)\n" },
    `main.go:2 ${STOPS}`,
  ],
  [
    "axum",
    { "Cargo.toml": "", "src/main.rs": "serve(l, app).with_graceful_shutdown(stop()).await" },
    `src/main.rs:1 ${STOPS}`,
  ],
  ["Puma", { Gemfile: 'gem "rails"\ngem "puma"\n' }, `Gemfile:2 ${STOPS}`],
  [
    "Spring",
    { "pom.xml": "<project/>", "src/main/resources/application.properties": "server.port=1\nserver.shutdown=graceful" },
    `src/main/resources/application.properties:2 ${STOPS}`,
  ],
  ["Kestrel", { "a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>' }, `a.csproj:1 ${STOPS}`],
])("%s ends by itself", (_, files, expected) => {
  expect(seen(files, "shutdown")).toBe(expected);
});

const OPEN = '{"open":true}';
const CLOSED = '{"open":false}';

test.each<[string, Record<string, string>, string | undefined]>([
  ["Express", { ...NODE, "a.js": "app.use(cors());" }, `a.js:1 ${OPEN}`],
  ["an origin", { ...NODE, "a.js": "app.use(cors({\n  origin: process.env.ORIGIN,\n}));" }, `a.js:1 ${CLOSED}`],
  ["any origin", { ...NODE, "a.ts": 'app.enableCors({ origin: "*" });' }, `a.ts:1 ${OPEN}`],
  ["a header", { ...NODE, "a.js": 'res.setHeader("Access-Control-Allow-Origin", "*");' }, `a.js:1 ${OPEN}`],
  ["FastAPI", { ...PY, "m.py": 'app.add_middleware(CORSMiddleware,\n  allow_origins=["*"])' }, `m.py:2 ${OPEN}`],
  [
    "FastAPI with names",
    { ...PY, "m.py": "app.add_middleware(CORSMiddleware, allow_origins=settings.origins)" },
    `m.py:1 ${CLOSED}`,
  ],
  ["Django", { ...PY, "s.py": "CORS_ALLOW_ALL_ORIGINS = True" }, `s.py:1 ${OPEN}`],
  [
    "Rack",
    { Gemfile: "", "config/initializers/cors.rb": "allow do\n  origins '*'\nend" },
    `config/initializers/cors.rb:2 ${OPEN}`,
  ],
  [
    "Laravel",
    { "composer.json": "{}", "config/cors.php": "<?php return ['allowed_origins' => ['*']];" },
    `config/cors.php:1 ${OPEN}`,
  ],
  ["Spring", { "pom.xml": "<project/>", "A.java": '@CrossOrigin(origins = "*")\nclass A {}' }, `A.java:1 ${OPEN}`],
  ["gin", { ...GO, "main.go": "package main\nvar x = r.Use(cors.Default())" }, `main.go:2 ${OPEN}`],
  ["ASP.NET", { "a.csproj": "<Project/>", "P.cs": "p.AllowAnyOrigin().AllowAnyHeader();" }, `P.cs:1 ${OPEN}`],
  ["a word in a string", { ...NODE, "a.js": 'log("call cors() first");' }, undefined],
])("%s: who may call", (_, files, expected) => {
  expect(seen(files, "cors")).toBe(expected);
});
