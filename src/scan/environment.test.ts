import { describe, expect, it } from "vitest";
import { environmentVariable } from "./environment.ts";

describe("the class of a variable", () => {
  const rows: [names: string, expected: string][] = [
    [
      "PORT CI PATH DYNO NODE_ENV BUNDLE_GEMFILE RAILWAY_PUBLIC_DOMAIN VERCEL_URL RENDER_EXTERNAL_URL FLY_APP_NAME K_SERVICE",
      "provided",
    ],
    ["NEXT_PUBLIC_API_URL VITE_STRIPE_KEY REACT_APP_X PUBLIC_SITE NUXT_PUBLIC_A EXPO_PUBLIC_B GATSBY_C", "public"],
    ["SECRET_KEY SECRET_KEY_BASE JWT_SECRET AWS_SECRET_ACCESS_KEY DB_PASSWORD POSTGRES_PASSWORD SMTP_PASS", "secret"],
    ["OPENAI_API_KEY STRIPE_KEY APP_KEY GITHUB_TOKEN RAILWAY_TOKEN NETLIFY_AUTH_TOKEN SENTRY_DSN", "secret"],
    [
      "DATABASE_URL DATABASE_PRIVATE_URL MONGODB_URI REDIS_URL CELERY_BROKER_URL AZURE_STORAGE_CONNECTION_STRING",
      "secret",
    ],
    ["ConnectionStrings__Default spring.datasource.password stripeSecretKey SLACK_WEBHOOK_URL JWT_SECRET_2", "secret"],
    ["LOG_LEVEL DEBUG API_URL POSTGRES_USER POSTGRES_DB REDIS_HOST REDIS_PORT AWS_REGION", "config"],
    ["JWT_EXPIRES_IN TOKEN_TTL PASSWORD_MIN_LENGTH AWS_ACCESS_KEY_ID GITHUB_CLIENT_ID OPENAI_MAX_TOKENS", "config"],
    ["STRIPE_PUBLISHABLE_KEY VAPID_PUBLIC_KEY SECRET_NAME PASSWORD_FILE CACHE_KEY TOKENIZERS_PARALLELISM", "config"],
  ];
  it.each(rows)("%s: %s", (names, expected) => {
    const found = names.split(" ").map((name) => `${name} ${environmentVariable(name).class}`);
    expect(found).toEqual(names.split(" ").map((name) => `${name} ${expected}`));
  });
});

describe("the rest of a variable", () => {
  it("is what is known, and the habit of its class", () => {
    expect(environmentVariable("VITE_A")).toMatchObject({ phase: "build", required: true, default: null });
    const told = { phase: "build", required: false, default: "1" } as const;
    expect(environmentVariable("A", told)).toEqual({ name: "A", class: "config", ...told });
  });
  it("never holds a secret", () => {
    expect(environmentVariable("API_TOKEN", { default: "abc" }).default).toBeNull();
  });
});
