import { row, type SecretPattern } from "./pattern.ts";

/** Tokens that their makers gave a beginning of their own, so that nothing else looks like them. */
export const PROVIDER_PATTERNS: readonly SecretPattern[] = [
  row("sentry-token", "a Sentry token", ["sntrys_", "sntryu_"], /\bsntry(?:s_eyJ[\w+/=-]{60,}|u_[a-f\d]{64})/g),
  row("atlassian-token", "an Atlassian token", ["ATATT3xFfGF0"], /\bATATT3xFfGF0[\w=-]{100,}/g),
  row("figma-token", "a Figma token", ["figd_"], /\bfigd_[\w-]{40,}/g),
  row("notion-token", "a Notion token", ["ntn_", "secret_"], /\b(?:ntn_[A-Za-z\d]{40,50}|secret_[A-Za-z\d]{43})\b/g),
  row("airtable-token", "an Airtable token", ["pat"], /\bpat[A-Za-z\d]{14}\.[a-f\d]{64}\b/g),
  row("dropbox-token", "a Dropbox token", ["sl."], /\bsl\.(?:u\.)?[\w-]{130,}/g),
  row("groq-key", "a Groq key", ["gsk_"], /\bgsk_[A-Za-z\d]{52}\b/g),
  row("openrouter-key", "an OpenRouter key", ["sk-or-v1-"], /\bsk-or-v1-[a-f\d]{64}\b/g),
  row("replicate-token", "a Replicate token", ["r8_"], /\br8_[A-Za-z\d]{37}\b/g),
  row("perplexity-key", "a Perplexity key", ["pplx-"], /\bpplx-[A-Za-z\d]{48}\b/g),
  row("nuget-key", "a NuGet key", ["oy2"], /\boy2[a-z\d]{43}\b/g),
  row("cargo-token", "a token of crates.io", ["cio"], /\bcio[A-Za-z\d]{32}\b/g),
  row(
    "doppler-token",
    "a Doppler token",
    ["dp."],
    /\bdp\.(?:pt|ct|st|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z\d]{40,44}\b/g,
  ),
  row("pulumi-token", "a Pulumi token", ["pul-"], /\bpul-[a-f\d]{40}\b/g),
  row("fly-token", "a Fly token", ["fm2_", "fo1_"], /\b(?:fm2_[\w+/=,-]{100,}|fo1_[\w-]{43})/g),
  row(
    "tailscale-key",
    "a Tailscale key",
    ["tskey-"],
    /\btskey-(?:auth|api|client|scim|webhook)-[A-Za-z\d]+-[A-Za-z\d]{20,}/g,
  ),
  row("netlify-token", "a Netlify token", ["nfp_"], /\bnfp_[A-Za-z\d]{36}\b/g),
  row("render-key", "a Render key", ["rnd_"], /\brnd_[A-Za-z\d]{28,}\b/g),
  row("resend-key", "a Resend key", ["re_"], /\bre_[A-Za-z\d]{8}_[A-Za-z\d]{24}\b/g),
  row("mapbox-token", "a secret Mapbox token", ["sk.eyJ"], /\bsk\.eyJ[\w-]{30,}\.[\w-]{20,}/g),
  row("square-token", "a Square token", ["sq0csp-", "EAAA"], /\b(?:sq0csp-[\w-]{43}|EAAA[\w-]{60})(?![\w-])/g),
  row(
    "braintree-token",
    "a Braintree token",
    ["access_token$production$"],
    /\baccess_token\$production\$([a-z\d]{16}\$[a-f\d]{32})\b/g,
  ),
  row(
    "azure-signature",
    "a signed address of Azure storage",
    ["sig="],
    /[?&]sv=\d{4}-\d\d-\d\d[^\s"'`<>]{0,300}?&sig=([A-Za-z\d%+/]{40,60}(?:%3D|=)?)/g,
  ),
  row(
    "discord-token",
    "the token of a Discord bot",
    ["iscord", "DISCORD", ".login(", "bot.run("],
    /(?<![\w-])[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/g,
  ),
];
