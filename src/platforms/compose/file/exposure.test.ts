import { describe, expect, test } from "vitest";
import { isSecret } from "./exposure.ts";
import { loadComposeFile } from "./load.ts";

const VALUES: Record<string, string> = {
  ...{ API_KEY: "k-123", TAG: "2", STRIPE_PUBLIC_KEY: "pk_1", QUEUE: "amqp://me:pw@queue/", LISTED: "v-9" },
  KEY_FILE: "/etc/key",
};

function refusals(lines: string, rest = ""): string[] {
  const text = `services:\n  web:\n    image: app\n    ${lines}\n  db: {image: pg, command: "run \${API_KEY}"}\n${rest}`;
  const options = { name: "compose.yaml", dir: "/srv", ours: ["web"], secret: (name: string) => name === "LISTED" };
  try {
    loadComposeFile(text, { ...options, variable: (name) => VALUES[name] });
  } catch (error) {
    const { code, message, next } = error as { code: string; message: string; next: string };
    return [code, message, next];
  }
  return [];
}

describe("a secret that would be filled in", () => {
  test.each([
    ["command: [run, '--key=${API_KEY}']", "services.web.command.1", "API_KEY"],
    ["entrypoint: run $API_KEY", "services.web.entrypoint", "API_KEY"],
    ["labels: ['a=${API_KEY}']", "services.web.labels.a", "API_KEY"],
    ["healthcheck: {test: 'curl -u ${NONE:-${API_KEY}} :80'}", "services.web.healthcheck.test", "API_KEY"],
    ["build: {context: ., args: {K: '${API_KEY}'}}", "services.web.build.args.K", "API_KEY"],
    ["command: run ${QUEUE}", "services.web.command", "QUEUE"],
    ["command: run ${LISTED}", "services.web.command", "LISTED"],
  ])("%s is refused with its line", (lines, place, name) => {
    const [code, message = "", next] = refusals(lines);
    expect(code).toBe("SM-COMPOSE-SECRET");
    expect(message).toMatch(new RegExp(`^compose\\.yaml:4: ${place}: the value of ${name} would be readable`));
    expect(next).toContain("`environment`");
    expect(message).not.toContain(VALUES[name]);
  });

  test("also in the driver of a volume that we make, and where the service extends another", () => {
    const volume = "volumes: {data: {driver_opts: {o: 'password=${API_KEY}'}}}";
    expect(refusals("volumes: ['data:/data']", volume)[1]).toContain("compose.yaml:6: volumes.data.driver_opts.o: ");
    expect(refusals("user: me", volume)).toEqual([]);
    expect(refusals("extends: db")[1]).toContain("compose.yaml:5: services.web.command: ");
  });

  test.each([
    "environment: ['K=${API_KEY}', 'Q=${QUEUE}']",
    "command: run v${TAG} $${API_KEY}",
    "command: run ${OTHER_TOKEN:-none} ${API_KEY:+--with-key}",
    "build: {context: ., args: {K: '${STRIPE_PUBLIC_KEY}'}}",
    "volumes: ['${KEY_FILE}:/key:ro']",
  ])("%s is fine", (lines) => {
    expect(refusals(lines)).toEqual([]);
  });
});

test.each([
  ...[
    "DB_PASSWORD",
    "DBPASSWORD",
    "REDIS_PASS",
    "JWT_SECRET",
    "GITHUB_TOKEN",
    "SENTRY_DSN",
    "AWS_SECRET_ACCESS_KEY",
  ].map((name) => [name, true] as const),
  ...["TAG", "KEYCLOAK_VERSION", "TOKENIZER", "PWD", "PASSENGER_PORT", "SECRETS_DIR", "MONKEY"].map(
    (name) => [name, false] as const,
  ),
])("%s: %s", (name, expected) => {
  expect(isSecret(name, { variable: () => undefined })).toBe(expected);
});
