import { expect, test } from "vitest";
import { parseManifest } from "./load.ts";

/** What is watched, healed and told in the example of the design, letter by letter; the rest is as short as it may be. */
const EXAMPLE = `project: shop
services:
  api:
    path: services/api
    start: node server.js
    critical: true                        # SEV1 when down
    depends_on: [db, cache]
    health: { path: /health, every: 5s, timeout: 2s, expect: { status: 200, json: { status: healthy } } }
  worker: { path: services/worker, start: node worker.js, kind: worker }
stores:
  db:    { kind: postgres, url: "\${secret:DATABASE_URL}" }
  cache: { kind: redis, url: "\${secret:REDIS_URL}" }
environments:
  production: { platform: local }

checks:                                    # one per service is implied by \`health\`; these are further ones
  home:  { url: "\${PRODUCTION_FRONTEND_URL}", every: 30s, expect: { status: 200, body: "<title>" } }
  cert:  { tls: shop.example.com:443, warn: 14d }
  login:                                   # the canary user
    every: 5m
    steps:
      - post: "\${PRODUCTION_BACKEND_URL}/auth/login"
        json: { email: "\${secret:CANARY_EMAIL}", password: "\${secret:CANARY_PASSWORD}" }
        save: { token: $.token }
      - get: "\${PRODUCTION_BACKEND_URL}/me"
        headers: { authorization: "Bearer \${token}" }
        expect: { status: 200 }

remedies:                                  # tried in order; never more than 2 restarts, then a person
  api: { mode: act, ladder: [clear-sessions, restart, restart, redeploy] }   # mode: act | propose (production's default)

notify:
  ops:  { kind: slack, webhook: "\${secret:SLACK_WEBHOOK}" }
  page: { kind: pagerduty, key: "\${secret:PAGERDUTY_KEY}" }
escalate: { SEV1: [page, ops], SEV2: [ops], SEV3: [] }
`;

test("what is watched and who is told is understood as it is written", () => {
  const { checks, services, remedies, notify, escalate } = parseManifest(EXAMPLE);
  expect(services.api).toMatchObject({
    critical: true,
    health: { every: 5_000, expect: { json: { status: "healthy" } } },
  });
  expect(checks).toMatchObject({
    home: { url: "${secret:PRODUCTION_FRONTEND_URL}", every: 30_000, expect: { status: 200, body: "<title>" } },
    cert: { tls: "shop.example.com:443", warn: 14 * 86_400_000, every: 60_000 },
    login: {
      every: 300_000,
      steps: [
        { post: "${secret:PRODUCTION_BACKEND_URL}/auth/login", save: { token: "$.token" } },
        { get: "${secret:PRODUCTION_BACKEND_URL}/me", headers: { authorization: "Bearer ${token}" } },
      ],
    },
  });
  expect(remedies.api).toMatchObject({ mode: "act", ladder: ["clear-sessions", "restart", "restart", "redeploy"] });
  expect(notify).toMatchObject({ ops: { kind: "slack" }, page: { kind: "pagerduty", key: "${secret:PAGERDUTY_KEY}" } });
  expect(escalate).toMatchObject({ SEV1: { levels: [{ to: ["page", "ops"] }] }, SEV3: { levels: [] } });
});

test("a name in capitals that a step saves stays its own", () => {
  const steps =
    'steps: [{ get: "https://a.example/${PLACE}", save: { TOKEN: $.t } }, { get: "https://a.example/${TOKEN}" }]';
  const { checks } = parseManifest(EXAMPLE.replace("checks: ", `checks:\n  own:\n    ${steps}\n#`));
  expect(checks.own?.steps).toMatchObject([
    { get: "https://a.example/${secret:PLACE}" },
    { get: "https://a.example/${TOKEN}" },
  ]);
});
