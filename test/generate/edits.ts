import type { Plan } from "../../src/generate/plan.ts";
import { plan, service, variable } from "../../src/generate/testing.ts";

/** What a person does to a generated file, and how one sees that it is still done. */
interface Edit {
  change: "env" | "replicas" | "comment" | "reorder" | "deletion" | "value";
  /** Stands in the file as it was generated. */
  find: string;
  put: string;
  holds: (text: string) => boolean;
}

const adds = (change: Edit["change"], find: string, put: string, shown = put.trim()): Edit => ({
  change,
  find,
  put,
  holds: (text) => text.includes(shown),
});
/** Further services may bring the same line: only the part that it was taken out of is looked at. */
const takesOut = (find: string, part = /^[\s\S]*$/): Edit => ({
  change: "deletion",
  find,
  put: "",
  holds: (text) => part.exec(text)?.[0].includes(find.trim()) === false,
});
const swaps = (first: string, second: string, before: RegExp, after: RegExp): Edit => ({
  change: "reorder",
  find: `${first}${second}`,
  put: `${second}${first}`,
  holds: (text) => text.search(before) !== -1 && text.search(before) < text.search(after),
});

/** Files of each family with what people do to them. */
export const EDITS: Record<string, readonly Edit[]> = {
  Dockerfile: [
    adds("env", "ENV NODE_ENV=production\n", "ENV NODE_ENV=production\nENV TZ=Europe/Madrid\n", "ENV TZ=Europe/Madrid"),
    adds("env", "EXPOSE 3000\n", "ENV TZ=UTC\nEXPOSE 3000\n", "ENV TZ=UTC"),
    adds("value", "--interval=30s", "--interval=10s"),
    adds("comment", "COPY . .\n", "# Sources last: packages stay in the cache.\nCOPY . .\n", "# Sources last"),
    adds("value", 'CMD ["node", "server.js"]', 'CMD ["node", "--enable-source-maps", "server.js"]'),
    swaps("ENV NODE_ENV=production\n", "ENV PATH=/app/node_modules/.bin:$PATH\n", /ENV PATH=/, /ENV NODE_ENV=/),
    takesOut("RUN npm prune --omit=dev\n"),
  ],
  "compose.yaml": [
    adds(
      "env",
      "      LOG_LEVEL: ${LOG_LEVEL:-info}\n",
      "      LOG_LEVEL: ${LOG_LEVEL:-info}\n      TZ: Europe/Madrid\n",
      "TZ: Europe/Madrid",
    ),
    adds("env", '      PORT: "3000"\n', '      PORT: "3000"\n      TZ: UTC\n', "TZ: UTC"),
    adds("replicas", "    mem_limit: 512m\n    stop_grace", "    mem_limit: 1g\n    stop_grace", "mem_limit: 1g"),
    adds(
      "replicas",
      "    restart: unless-stopped\n    init: true\n",
      "    restart: unless-stopped\n    scale: 3\n    init: true\n",
      "scale: 3",
    ),
    adds(
      "comment",
      "    ports:\n      - 127",
      "    # The balancer of the host asks here.\n    ports:\n      - 127",
      "# The balancer of the host asks here.",
    ),
    adds("comment", "  db:\n    image", "  # Dumped every night.\n  db:\n    image", "# Dumped every night."),
    adds("value", "      max-size: 10m\n    tmpfs", "      max-size: 50m\n    tmpfs", "max-size: 50m"),
    swaps("    read_only: true\n", "    cap_drop:\n      - ALL\n", /cap_drop:/, /read_only:/),
    takesOut("    stop_grace_period: 40s\n", /^ {2}api:\n(?: {4}.*\n)*/m),
  ],
  ".github/workflows/ci.yml": [
    adds("env", "app@127.0.0.1:5432/app\n", "app@127.0.0.1:5432/app\n      TZ: UTC\n", "TZ: UTC"),
    adds("replicas", "    timeout-minutes: 20\n", "    timeout-minutes: 35\n"),
    adds(
      "comment",
      "      - name: Test\n",
      "      # Takes three minutes.\n      - name: Test\n",
      "# Takes three minutes.",
    ),
    adds(
      "env",
      "        run: npm test\n",
      "        run: npm test\n      - name: Lint\n        run: npm run lint\n",
      "run: npm run lint",
    ),
    swaps("  pull_request: {}\n", "  push:\n    branches:\n      - main\n", /^ {2}push:/m, /^ {2}pull_request:/m),
    takesOut("  workflow_dispatch: {}\n"),
  ],
  "deploy/k8s/base/api.yaml": [
    adds(
      "env",
      "              value: info\n",
      "              value: info\n            - name: TZ\n              value: UTC\n",
      "- name: TZ",
    ),
    adds("replicas", "  minReplicas: 2\n", "  minReplicas: 3\n"),
    adds(
      "comment",
      "          readinessProbe:\n",
      "          # Opens the connections first.\n          readinessProbe:\n",
      "# Opens the connections first.",
    ),
    adds(
      "value",
      "              memory: 512Mi\n            limits:\n              memory: 512Mi",
      "              memory: 768Mi\n            limits:\n              memory: 768Mi",
      "memory: 768Mi",
    ),
    swaps(
      "  revisionHistoryLimit: 5\n",
      "  selector:\n    matchLabels:\n      app.kubernetes.io/name: api\n      app.kubernetes.io/part-of: shop\n",
      /selector:\n {4}matchLabels/,
      /revisionHistoryLimit/,
    ),
    takesOut(
      "  behavior:\n    scaleDown:\n      stabilizationWindowSeconds: 300\n",
      /kind: HorizontalPodAutoscaler\nmetadata:\n {2}name: api\n[\s\S]*?(?=^---|$(?![\s\S]))/m,
    ),
  ],
  "observability/grafana/dashboards/application.json": [
    adds("value", '"refresh": "30s"', '"refresh": "10s"'),
    adds("value", '"from": "now-6h"', '"from": "now-24h"'),
    adds("env", '    "stationmaster"\n', '    "stationmaster",\n    "team-orders"\n', '"team-orders"'),
    adds("comment", '"description": "1 while', '"description": "Ask the shop team. 1 while', "Ask the shop team."),
    swaps('  "editable": true,\n', '  "graphTooltip": 1,\n', /"graphTooltip"/, /"editable"/),
    takesOut('  "timezone": "browser",\n'),
  ],
  ".env.example": [
    adds("env", "# Secrets", "MY_OWN=1\n\n# Secrets", "MY_OWN=1"),
    adds("value", "LOG_LEVEL=info", "LOG_LEVEL=debug"),
    adds(
      "comment",
      "# api; optional\nLOG_LEVEL",
      "# one of debug, info, warn\n# api; optional\nLOG_LEVEL",
      "# one of debug, info, warn",
    ),
    adds("comment", "LOG_LEVEL=info", "# how much is said\nLOG_LEVEL=info", "# how much is said"),
    adds("value", "\nAPI_KEY=\n", "\n# API_KEY=\n", "\n# API_KEY=\n"),
    swaps(
      "# api; required\nAPI_KEY=\n",
      "# api; address of db; required\nDATABASE_URL=\n",
      /^DATABASE_URL=/m,
      /^API_KEY=/m,
    ),
    takesOut("# api; required\nAPI_KEY=\n"),
  ],
  "infra/aws/service-api.tf": [
    adds("env", '    LOG_LEVEL = "info"\n', '    LOG_LEVEL = "info"\n    TZ        = "UTC"\n', 'TZ        = "UTC"'),
    adds("replicas", 'min_capacity       = var.replicas["api"].min', "min_capacity       = 4"),
    adds(
      "comment",
      'resource "aws_ecs_service" "api" {\n',
      '# Two teams share it.\nresource "aws_ecs_service" "api" {\n',
      "# Two teams share it.",
    ),
    adds("value", "countNumber = 30", "countNumber = 90"),
    swaps("    enable   = true\n", "    rollback = true\n", /rollback = true/, /enable {3}= true/),
    takesOut("  health_check_grace_period_seconds  = 60\n"),
  ],
  ".railway/railway.ts": [
    adds("env", "API_KEY: preserve()", 'API_KEY: preserve(), TZ: "UTC"', 'TZ: "UTC"'),
    adds("replicas", "replicas: 1", "replicas: 3"),
    adds(
      "comment",
      '  const db = postgres("db");\n',
      '  // Backed up by hand too.\n  const db = postgres("db");\n',
      "// Backed up by hand too.",
    ),
    adds("value", "healthcheckTimeout: 120", "healthcheckTimeout: 300"),
    swaps('    healthcheck: "/healthz",\n', "    healthcheckTimeout: 120,\n", /healthcheckTimeout/, /healthcheck: /),
    takesOut("      overlapSeconds: 30,\n", /service\("api", [\s\S]*?\n {2}\}\);/),
  ],
};

const env = (level: string) => [
  variable("API_KEY", { class: "secret" }),
  variable("DATABASE_URL", { class: "secret", store: "db" }),
  variable("LOG_LEVEL", { default: level, required: false }),
];
const api = (given: Parameters<typeof service>[1] = {}) =>
  service("api", {
    path: ".",
    env: env("info"),
    stores: ["db"],
    metrics: { path: "/metrics", names: ["http_request_duration_seconds"] },
    ...given,
  });
const web = service("web", {
  role: "static",
  kind: "spa",
  framework: "vite",
  build: "npm run build",
  start: null,
  output: "dist",
  spa: true,
  port: 8080,
  health: null,
});
const store = (version: string): Plan["stores"][number] => ({
  name: "db",
  kind: "postgres",
  version,
  variables: ["DATABASE_URL"],
  extensions: [],
});

/** The plan that files were written from. */
export const BEFORE: Plan = plan({ services: [api()], stores: [store("16")] });

/** What the plan becomes meanwhile. */
export const MOVES: Record<string, Plan> = {
  port: plan({ services: [api({ port: 4100 })], stores: [store("16")] }),
  image: plan({
    services: [api({ image: "ghcr.io/acme/store/api", runtime: { name: "node", version: "24" } })],
    stores: [store("17")],
  }),
  job: plan({
    services: [api({ processes: [{ name: "worker", command: "node worker.js" }] }), web],
    stores: [store("16")],
  }),
  variable: plan({ services: [api({ env: [...env("warn"), variable("FEATURE_FLAGS")] })], stores: [store("16")] }),
};
