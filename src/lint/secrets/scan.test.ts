import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scanSecrets } from "./scan.ts";

// Tokens are put together here, so that none stands in the repository.
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Made-up signs that are always the same. */
function signs(length: number, alphabet = ALPHABET): string {
  let state = 0x2545f491;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return alphabet[(state >>> 16) % alphabet.length];
  }).join("");
}
const hex = (length: number) => signs(length, "0123456789abcdef");
const checked = (prefix: string) => `${prefix}_${signs(30)}${base62(crc32(signs(30)))}`;
/** Check digits as GitHub writes them. */
function base62(value: number): string {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let digits = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = alphabet[rest % 62] + digits;
  return digits.padStart(6, "0");
}
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (claims: object) => `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${signs(43)}`;
const pem = (kind: string) =>
  [`-----BEGIN ${kind}-----`, ...(signs(320, `${ALPHABET}+/`).match(/.{64}/g) ?? []), `-----END ${kind}-----`].join(
    "\n",
  );
const NEXT_YEAR = Math.floor(Date.now() / 1_000) + 31_536_000;

type Row = [rule: string, severity: string, text: string, path?: string];

const planted: Row[] = [
  ["secret-github-token", "error", `const t = "${checked("ghp")}"`],
  ["secret-github-token", "error", `token: ${checked("ghs")}`, "test/fixtures/a.yml"],
  ["secret-github-token", "warning", `token: ghp_${signs(36)}`],
  ["secret-github-token", "error", `x github_pat_${signs(22)}_${signs(59)} y`],
  ["secret-npm-token", "error", `//npm.acme.io/:_authToken=${checked("npm")}`, ".npmrc"],
  [
    "secret-npm-token",
    "error",
    `//npm.acme.io/:_authToken=${hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`,
    ".npmrc",
  ],
  ["secret-discord-webhook", "error", `fetch("https://discord.com/api/webhooks/112233445566778899/${signs(68)}")`],
  ["secret-laravel-key", "error", `APP_KEY=base64:${signs(43)}=`, ".env"],
  [
    "secret-registry-login",
    "error",
    JSON.stringify({ auths: { "ghcr.io": { auth: Buffer.from(`acme:${signs(30)}`).toString("base64") } } }),
    ".docker/config.json",
  ],
  [
    "secret-address",
    "error",
    `{"Shop":"Server=tcp:db.acme.io,1433;User ID=shop;Password=${signs(14)};"}`,
    "appsettings.json",
  ],
  ["secret-gitlab-token", "error", `glpat-${signs(20)}`],
  ["secret-slack-token", "error", `xoxb-${"8812734451".slice(0, 10)}-${"4471209835510"}-${signs(24)}`],
  [
    "secret-slack-webhook",
    "error",
    `https://hooks.slack.com/services/T${signs(8, "ABCDEFGH123")}/B${signs(8, "ABCDEFGH123")}/${signs(24)}`,
  ],
  ["secret-stripe-key", "error", `sk_live_${signs(24)}`],
  ["secret-stripe-key", "warning", `sk_test_${signs(24)}`],
  ["secret-aws-key", "warning", `AKIA${signs(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`],
  ["secret-google-key", "warning", `AIza${signs(35)}`],
  ["secret-azure-key", "error", `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${signs(86)}==;`],
  ["secret-twilio-key", "error", `SK${hex(32)}`],
  ["secret-sendgrid-key", "error", `SG.${signs(22)}.${signs(43)}`],
  ["secret-openai-key", "error", `sk-proj-${signs(40)}T3BlbkFJ${signs(40)}`],
  ["secret-anthropic-key", "error", `sk-ant-api03-${signs(93)}AA`],
  ["secret-hugging-face-token", "error", `hf_${signs(34, ALPHABET.slice(0, 52))}`],
  ["secret-railway-token", "error", `RAILWAY_TOKEN=${hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`],
  ["secret-vercel-token", "error", `VERCEL_TOKEN="${signs(24)}"`],
  ["secret-digitalocean-token", "error", `dop_v1_${hex(64)}`],
  ["secret-docker-token", "error", `dckr_pat_${signs(27)}`],
  ["secret-private-key", "error", pem("RSA PRIVATE KEY")],
  ["secret-private-key", "error", pem("OPENSSH PRIVATE KEY")],
  [
    "secret-private-key",
    "error",
    JSON.stringify({ type: "service_account", private_key: pem("PRIVATE KEY") }),
    "key.json",
  ],
  ["secret-jwt", "error", jwt({ sub: "u1", role: "service_role", exp: NEXT_YEAR })],
  ["secret-jwt", "warning", jwt({ sub: "u1", exp: 1_500_000_000 })],
  ["secret-address", "error", `postgres://shop:${signs(18)}@db.shop.io:5432/shop`],
  ["secret-address", "warning", `postgres://shop:${signs(18)}@db:5432/shop`],
  ["secret-assignment", "error", `JWT_SECRET=${signs(32)}`, ".env"],
  ["secret-assignment", "error", `client_secret: ${signs(28)}`, "config/app.yml"],
  ["secret-assignment", "error", `const apiKey = "${signs(32)}";`, "src/a.ts"],
  ["secret-assignment", "warning", "DB_PASSWORD=xK9#mQ2vLp", ".env.production"],
];

/** Beginnings that their makers chose, with what follows them. */
const providers: Row[] = [
  ["secret-sentry-token", "error", `sntryu_${hex(64)}`],
  ["secret-atlassian-token", "error", `ATATT3xFfGF0${signs(180)}`],
  ["secret-figma-token", "error", `figd_${signs(40)}`],
  ["secret-notion-token", "error", `ntn_${signs(46)}`],
  ["secret-airtable-token", "error", `pat${signs(14)}.${hex(64)}`],
  ["secret-dropbox-token", "error", `sl.${signs(140)}`],
  ["secret-groq-key", "error", `gsk_${signs(52)}`],
  ["secret-openrouter-key", "error", `sk-or-v1-${hex(64)}`],
  ["secret-replicate-token", "error", `r8_${signs(37)}`],
  ["secret-perplexity-key", "error", `pplx-${signs(48)}`],
  ["secret-nuget-key", "error", `oy2${signs(43, "abcdefghijklmnopqrstuvwxyz0123456789")}`],
  ["secret-cargo-token", "error", `cio${signs(32)}`],
  ["secret-doppler-token", "error", `dp.st.prd.${signs(43)}`],
  ["secret-pulumi-token", "error", `pul-${hex(40)}`],
  ["secret-fly-token", "error", `FlyV1 fm2_${signs(120)}`],
  ["secret-tailscale-key", "error", `tskey-auth-${signs(11)}-${signs(30)}`],
  ["secret-netlify-token", "error", `nfp_${signs(36)}`],
  ["secret-render-key", "error", `rnd_${signs(28)}`],
  ["secret-resend-key", "error", `re_${signs(8)}_${signs(24)}`],
  ["secret-mapbox-token", "error", `sk.eyJ1Ijoi${signs(40)}.${signs(22)}`],
  ["secret-square-token", "error", `sq0csp-${signs(43)}`],
  ["secret-gitlab-token", "error", `glagent-${signs(50)}`],
  ["secret-azure-signature", "error", `https://a.blob.core.windows.net/c?sv=2022-11-02&ss=b&sig=${signs(43)}%3D`],
  ["secret-discord-token", "error", `client.login("MT${signs(22)}.${signs(6)}.${signs(38)}")`],
];

/** Secrets that only what carries them gives away. */
const carried: Row[] = [
  ["secret-header", "warning", `curl -H "Authorization: Bearer ${signs(40)}" https://api.acme.io`, "a.sh"],
  ["secret-header", "error", `Authorization: Basic ${Buffer.from(`admin:${signs(14)}`).toString("base64")}`, "a.http"],
  [
    "secret-registry-login",
    "error",
    `//npm.acme.io/:_auth=${Buffer.from(`me:${signs(20)}`).toString("base64")}`,
    ".npmrc",
  ],
  ["secret-command", "warning", `curl -sf -u admin:${signs(12)} https://api.acme.io`, "a.sh"],
  ["secret-command", "error", `docker login -u acme -p ${signs(24)} ghcr.io`, "ci.sh"],
  ["secret-signing-key", "error", `jwt.sign(payload, "${signs(32)}")`],
  ["secret-private-key", "error", `KEY=${Buffer.from(pem("RSA PRIVATE KEY")).toString("base64")}`, ".env"],
  [
    "secret-private-key",
    "error",
    `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n${signs(48)}`,
    "k.ppk",
  ],
  ["secret-assignment", "warning", `<add key="ApiPassword" value="kX9#mQ2vLp12" />`, "web.config"],
  ["secret-assignment", "warning", "<password>kX9#mQ2vLp12</password>", "settings.xml"],
  ["secret-assignment", "warning", `define('DB_PASSWORD', 'kX9#mQ2vLp12');`, "wp-config.php"],
  ["secret-assignment", "error", `app.set("jwtSecret", "${signs(32)}");`, "app.js"],
];

const quiet: [name: string, text: string, path?: string][] = [
  ["a placeholder", `ghp_${"x".repeat(36)}`],
  ["the example key of a manual", `AKIA${"IOSFODNN7"}EXAMPLE`],
  ["a variable", `TOKEN=\${GITHUB_TOKEN}\nDB_PASSWORD: {{ .Values.password }}\nAPI_KEY=$(cat key)`, "a.yml"],
  ["a value that is read", 'const apiKey = process.env.API_KEY ?? "";\npassword = os.environ["PASSWORD"]', "a.py"],
  [
    "words",
    "passwordPlaceholder: enter-your-password-here-please\nsecretName: database-credentials-of-production",
    "a.yml",
  ],
  ["types", "password: string;\ntoken: AccessTokenResponse2021;", "a.ts"],
  ["names of other things", `TOKEN_URL=${signs(30)}\nsecretKeyRef=${signs(30)}\nPUBLIC_KEY=${signs(30)}`, ".env"],
  ["a key of a page", `NEXT_PUBLIC_API_KEY=${signs(30)}`, ".env"],
  ["a lock file", `integrity sha512-${signs(86)}==\ntoken "${signs(40)}"`, "yarn.lock"],
  ["a test", `const password = "${signs(24)}";`, "src/login.test.ts"],
  ["a fixture", pem("RSA PRIVATE KEY"), "test/fixtures/key.pem"],
  ["an encrypted key", pem("ENCRYPTED PRIVATE KEY")],
  ["a cut key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE...\n-----END RSA PRIVATE KEY-----"],
  [
    "a sealed secret",
    `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: Ag${signs(200)}`,
    "s.yaml",
  ],
  ["sops", `password: ENC[AES256_GCM,data:${signs(20)},iv:${signs(20)},type:str]`, "s.yaml"],
  ["a vault of ansible", `$ANSIBLE_VAULT;1.1;AES256\n${hex(80)}`, "vault.yml"],
  ["the sample of jwt.io", `${part({ alg: "HS256" })}.${part({ sub: "1234567890", name: "John Doe" })}.${signs(43)}`],
  ["a key that everybody may have", jwt({ role: "anon", exp: NEXT_YEAR })],
  [
    "addresses of samples",
    "postgres://user:password@localhost/db\nhttps://user:pass@example.com/\nredis://:@h\nmysql://root:root@db.shop.io/x\nhttp://a:${PASSWORD}@b.io",
  ],
  [
    "connections of samples",
    '{"a":"Server=localhost;Database=shop;User=sa;Password=postgres;","b":"Host=db;Password=<your-password>","c":"Server=db.shop.io;Pwd=${PASSWORD}"}',
    "appsettings.json",
  ],
  ["a login that everybody knows", `"auth": "${Buffer.from("guest:guest-password").toString("base64")}"`, "a.json"],
  ["a key elsewhere", hex(32), "config/checksums/master.md5"],
  ["a guide", `Authorization: token ghp_${signs(36)}`, "README.md"],
  ["an index of files", `"src/secrets.ts": "${hex(40)}",`, "index.json"],
  [
    "a commit, a digest, an id",
    `image: a@sha256:${hex(64)}\nrevision: ${hex(40)}\nid: ${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    "a.yml",
  ],
];

describe("secrets", () => {
  it.each([...planted, ...providers, ...carried])("%s, %s", (rule, severity, text, path = "src/config.ts") => {
    const found = scanSecrets(path, `first line\n${text}\n`);
    expect(found.map((one) => [one.rule, one.severity, one.line])).toEqual([[rule, severity, 2]]);
  });

  it.each(quiet)("quiet: %s", (_, text, path = "src/config.ts") => {
    expect(scanSecrets(path, text).map(({ rule, line }) => [rule, line])).toEqual([]);
  });

  it("knows the key of Rails by its place", () => {
    for (const path of ["config/master.key", "shop/config/credentials/production.key"])
      expect(scanSecrets(path, `${hex(32)}\n`)).toMatchObject([
        { rule: "secret-rails-key", severity: "error", line: 1 },
      ]);
  });

  it("tells an access key with its other half as an error, and both", () => {
    const text = `aws_access_key_id=AKIA${signs(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}\naws_secret_access_key=${signs(40)}\n`;
    expect(scanSecrets(".aws/credentials", text).map(({ rule, severity }) => [rule, severity])).toEqual([
      ["secret-aws-key", "error"],
      ["secret-aws-secret", "error"],
    ]);
  });

  it("never says the value; equal values have equal marks in a run, which another key changes", () => {
    const value = checked("ghp");
    const text = `a ${value}\nb ${value}`;
    const [first, second] = scanSecrets("a.ts", text);
    expect(first?.message).toBe(second?.message);
    expect(first?.message).toMatch(/^a GitHub token \(40 characters, #[0-9a-f]{8}\)/);
    expect(JSON.stringify(scanSecrets("a.ts", text))).not.toContain(value.slice(4, 16));
    expect(scanSecrets("a.ts", text, { key: randomBytes(32) })[0]?.message).not.toBe(first?.message);
  });

  it("reads long and odd texts once", () => {
    const long =
      "password=".repeat(20_000) +
      "a:b@".repeat(50_000) +
      "eyJ".repeat(50_000) +
      "-----BEGIN PRIVATE KEY-----".repeat(2_000);
    const start = performance.now();
    scanSecrets("a.yml", long);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
