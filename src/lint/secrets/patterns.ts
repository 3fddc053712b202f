import { CARRIED_PATTERNS } from "./carried.ts";
import { hasCheckDigits, jwtClaims } from "./checks.ts";
import { ERROR, judgeByLook, LEAST_ENTROPY, row, type SecretPattern, type Verdict, WARNING } from "./pattern.ts";
import { PROVIDER_PATTERNS } from "./providers.ts";
import { entropy, isPlaceholder } from "./value.ts";

/** One with wrong check digits was made up, or badly copied. */
function judgeByDigits(value: string): Verdict {
  if (hasCheckDigits(value)) return { severity: "error", proven: true };
  return judgeByLook(value) && WARNING;
}

/** A key without its other half opens nothing, but is rarely alone for long. */
function judgeAwsKey(value: string, text: string): Verdict {
  if (!judgeByLook(value)) return undefined;
  return /(?<![\w/+])[\w/+]{40}(?![\w/+=])/.test(text) ? ERROR : WARNING;
}

/** The key of a page that uses Firebase names the project and opens nothing: it is in every page. */
function judgeGoogleKey(value: string, text: string): Verdict {
  return /authDomain|messagingSenderId|firebaseapp\.com|"mobilesdk_app_id"/.test(text)
    ? undefined
    : judgeByLook(value) && WARNING;
}

function judgeJwt(value: string): Verdict {
  const claims = jwtClaims(value);
  const everybodys =
    claims?.sub === "1234567890" || claims?.role === "anon" || /demo|example/.test(String(claims?.iss ?? ""));
  if (!claims || everybodys) return undefined;
  return typeof claims.exp === "number" && claims.exp * 1_000 > Date.now() ? ERROR : WARNING;
}

/** `scheme://user:password@host`: the password, judged by where it leads. */
function judgeAddress(value: string): Verdict {
  const [, user = "", password = "", host = ""] =
    /^[\w+.-]+:\/\/([^:@/\s]*):([^@/\s]+)@([^/:?#\s"'`]+)/.exec(value) ?? [];
  const plain = decode(password);
  if (isPlaceholder(plain) || plain.toLowerCase() === user.toLowerCase() || /[{}<>[\]()*]/.test(password))
    return undefined;
  const near = !host.includes(".") || /^(?:127\.|0\.0\.0\.0|.*\.(?:local|internal|test|invalid|localhost)$)/.test(host);
  if (/(?:^|\.)example\.(?:com|org|net)$|^host/.test(host)) return undefined;
  if (near) return plain.length >= 12 && entropy(plain) >= LEAST_ENTROPY ? WARNING : undefined;
  return ERROR;
}

/** `Server=host;…;Password=…`, as .NET writes it, by the same measure. */
function judgeConnection(value: string): Verdict {
  const host = /^[^=]+=(?:tcp:)?([^;,:]+)/i.exec(value)?.[1]?.trim() ?? "";
  const password = value.slice(value.lastIndexOf("=") + 1);
  return judgeAddress(`sql://:${encodeURIComponent(password)}@${host}`);
}

function judgePrivateKey(value: string): Verdict {
  const body = value.replace(/-----[^-]*-----|\\n|\\r|[\s"'+,]/g, "");
  // Prose between the two lines is no key: what is has no spaces for long.
  if (!/[A-Za-z\d+/]{40}/.test(value)) return undefined;
  return /^[\w+/=:.-]{60}/.test(body.replace(/^Proc-Type.*?(?=[A-Za-z\d+/]{60})/, "")) && entropy(body) > 4
    ? ERROR
    : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The kinds of secrets that show by themselves what they are. */
export const PATTERNS: readonly SecretPattern[] = [
  ...PROVIDER_PATTERNS,
  ...CARRIED_PATTERNS,
  row(
    "github-token",
    "a GitHub token",
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    /\bgh[opsur]_[A-Za-z\d]{36}\b/g,
    judgeByDigits,
  ),
  row("github-token", "a GitHub token", ["github_pat_"], /\bgithub_pat_[A-Za-z\d]{22}_[A-Za-z\d]{59}\b/g),
  row("npm-token", "an npm token", ["npm_"], /\bnpm_[A-Za-z\d]{36}\b/g, judgeByDigits),
  row(
    "gitlab-token",
    "a GitLab token",
    ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glsoat-", "gloas-", "glagent-", "glimt-"],
    /\bgl(?:pat|dt|rt|ptt|cbt|ft|soat|oas|agent|imt)-[\w-]{20,64}\b/g,
  ),
  row(
    "slack-token",
    "a Slack token",
    ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"],
    /\b(?:xox[abprs]-(?:\d{8,}-)+[A-Za-z\d-]{16,}|xapp-\d-[A-Z\d]{8,}-\d{8,}-[a-f\d]{32,})\b/g,
  ),
  row(
    "slack-webhook",
    "a Slack webhook",
    ["hooks.slack.com"],
    /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/(T[A-Z\d]{6,}\/[AB][A-Z\d]{6,}\/[\w/]{20,})/g,
  ),
  row(
    "stripe-key",
    "a Stripe key",
    ["sk_live_", "rk_live_", "sk_test_", "rk_test_"],
    /\b[rs]k_(?:live|test)_[A-Za-z\d]{20,}\b/g,
    (value) => {
      const found = judgeByLook(value.slice(8));
      return found && value.includes("_test_") ? WARNING : found;
    },
  ),
  row("stripe-key", "a signing secret of Stripe webhooks", ["whsec_"], /\bwhsec_[A-Za-z\d+/=]{32,}/g),
  row(
    "aws-key",
    "an AWS access key",
    ["AKIA", "ASIA"],
    /(?<![A-Za-z\d+/])A[KS]IA[A-Z2-7]{16}(?![A-Za-z\d+/=])/g,
    judgeAwsKey,
  ),
  row(
    "aws-secret",
    "an AWS secret key",
    ["secret", "SECRET", "Secret"],
    /(?:aws|amz|access)[\w .-]{0,20}secret[\w .-]{0,20}["']?\s{0,3}[:=]\s{0,3}["']?([A-Za-z\d+/]{40})(?![A-Za-z\d+/=])|aws[\w .-]{0,10}?secret_?access_?key["']?\s{0,3}[:=]\s{0,3}["']?([A-Za-z\d+/]{40})(?![A-Za-z\d+/=])/gi,
  ),
  row("google-key", "a Google API key", ["AIza"], /\bAIza[\w-]{35}(?![\w-])/g, judgeGoogleKey),
  row("google-key", "a Google client secret", ["GOCSPX-"], /\bGOCSPX-[\w-]{28}(?![\w-])/g),
  row(
    "azure-key",
    "an Azure account key",
    ["AccountKey=", "SharedAccessKey="],
    /(?:AccountKey|SharedAccessKey)=([A-Za-z\d+/]{43,86}={1,2})/g,
  ),
  row("azure-key", "an Azure client secret", ["Q~"], /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/g),
  row("twilio-key", "a Twilio key", ["SK"], /(?<![A-Za-z\d])SK[a-f\d]{32}(?![A-Za-z\d])/g),
  row("sendgrid-key", "a SendGrid key", ["SG."], /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g),
  row(
    "openai-key",
    "an OpenAI key",
    ["T3BlbkFJ"],
    /\bsk-(?:(?:proj|svcacct|admin|None)-)?[\w-]{20,}T3BlbkFJ[\w-]{20,}/g,
  ),
  row("anthropic-key", "an Anthropic key", ["sk-ant-"], /\bsk-ant-[a-z]{2,6}\d{2}-[\w-]{60,}/g),
  row("hugging-face-token", "a Hugging Face token", ["hf_"], /\bhf_[A-Za-z]{34}\b/g),
  row(
    "railway-token",
    "a Railway token",
    ["RAILWAY_"],
    /RAILWAY_(?:API_)?TOKEN["']?\s{0,3}[:=]\s{0,3}["']?([a-f\d]{8}(?:-[a-f\d]{4}){3}-[a-f\d]{12})/gi,
  ),
  row(
    "vercel-token",
    "a Vercel token",
    ["VERCEL_TOKEN", "vercel_token"],
    /VERCEL_TOKEN["']?\s{0,3}[:=]\s{0,3}["']?([A-Za-z\d]{24})(?![A-Za-z\d])/gi,
  ),
  row("cloudflare-token", "a Cloudflare token", ["cfk_", "cfut_", "cfat_"], /\bcf(?:k|ut|at)_[A-Za-z\d]{40,}\b/g),
  row("digitalocean-token", "a DigitalOcean token", ["dop_v1_", "doo_v1_", "dor_v1_"], /\bdo[opr]_v1_[a-f\d]{64}\b/g),
  row("docker-token", "a Docker Hub token", ["dckr_pat_", "dckr_oat_"], /\bdckr_[po]at_[\w-]{27,}/g),
  row("pypi-token", "a PyPI token", ["pypi-AgEI"], /\bpypi-AgEI[\w-]{50,}/g),
  row("rubygems-key", "a RubyGems key", ["rubygems_"], /\brubygems_[a-f\d]{48}\b/g),
  row(
    "shopify-token",
    "a Shopify token",
    ["shpat_", "shpca_", "shppa_", "shpss_"],
    /\bshp(?:at|ca|pa|ss)_[a-fA-F\d]{32}\b/g,
  ),
  row("telegram-token", "a Telegram bot token", [":AA"], /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g),
  row("databricks-token", "a Databricks token", ["dapi"], /\bdapi[a-f\d]{32}(?:-\d)?\b/g),
  row(
    "grafana-token",
    "a Grafana token",
    ["glsa_", "glc_"],
    /\b(?:glsa_[A-Za-z\d]{32}_[a-f\d]{8}|glc_[A-Za-z\d+/]{40,}={0,2})/g,
  ),
  row("new-relic-key", "a New Relic key", ["NRAK-"], /\bNRAK-[A-Z\d]{27}\b/g),
  row("linear-key", "a Linear key", ["lin_api_"], /\blin_api_[A-Za-z\d]{40}\b/g),
  row("vault-token", "a Vault token", ["hvs.", "hvb."], /\bhv[bs]\.[\w-]{24,}/g),
  row("terraform-token", "a Terraform token", [".atlasv1."], /\b[A-Za-z\d]{14}\.atlasv1\.[\w-]{60,}/g),
  row("supabase-token", "a Supabase token", ["sbp_"], /\bsbp_[a-f\d]{40}\b/g),
  row("planetscale-token", "a PlanetScale credential", ["pscale_"], /\bpscale_(?:tkn|pw|oauth)_[\w.-]{32,}/g),
  row("mailgun-key", "a Mailgun key", ["key-"], /(?<![\w-])key-[a-f\d]{32}(?![\w-])/g),
  row(
    "discord-webhook",
    "the address of a Discord webhook",
    ["/api/webhooks/"],
    /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d{15,20}\/([\w-]{60,80})/g,
  ),
  row(
    "npm-token",
    "a token of a package registry",
    ["_authToken"],
    /:_authToken\s{0,3}=\s{0,3}["']?([a-f\d]{8}(?:-[a-f\d]{4}){3}-[a-f\d]{12})/g,
  ),
  row(
    "laravel-key",
    "the key of a Laravel application",
    ["base64:"],
    /\bAPP_KEY["']?\s{0,3}[:=]\s{0,3}["']?base64:([A-Za-z\d+/]{43}=)/g,
  ),
  row("age-key", "an age key", ["AGE-SECRET-KEY-1"], /\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b/g),
  row(
    "private-key",
    "a private key",
    ["PRIVATE KEY"],
    /-----BEGIN (?:[A-Z]+ )?(?<!ENCRYPTED )PRIVATE KEY(?: BLOCK)?-----[\s\S]{60,8000}?-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/g,
    judgePrivateKey,
  ),
  row("jwt", "a JSON Web Token", ["eyJ"], /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}(?![\w-])/g, judgeJwt),
  row(
    "address",
    "an address with a password",
    ["://"],
    /\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s:/@"'`<>]{0,80}:[^\s:/@"'`<>]{3,100}@[\w.[\]:-]{1,200}/gi,
    judgeAddress,
  ),
  row(
    "address",
    "a connection with a password",
    ["assword=", "wd="],
    /\b(?:Server|Host|Data Source)=[^"'`\n]{1,300}?;\s{0,3}(?:Password|Pwd)=[^;"'`\s]{4,128}/gi,
    judgeConnection,
  ),
];
