import type { Needed } from "../../pipeline/release.ts";
import type { Values } from "./workflow.ts";

/** The environment of a script: what it uses of what has to be set, as GitHub holds it, and of what earlier steps gave. */
export function environmentOf(
  script: string,
  needs: readonly Needed[],
  given: Readonly<Record<string, string>> = {},
): Values {
  const all = [
    ...Object.entries(given),
    ["WORK", "${{ runner.temp }}"] as const,
    ...needs.map((need) => [need.name, settingOf(need)] as const),
  ];
  const implied = (name: string) =>
    (READ_BY[name] ?? (name.endsWith("_IMAGE") ? DEPLOYS : undefined))?.test(script) ?? false;
  const used = all.filter(
    ([name]) => implied(name) || new RegExp(`\\$\\{?${name}\\b|--build-arg ${name}\\b|^${name}$`, "m").test(script),
  );
  const entries = used.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length > 0 ? { env: Object.fromEntries(entries) } : {};
}

/** The Compose file takes the images from variables. */
const DEPLOYS = /\bstationmaster deploy\b/;
/** Variables that programs read without being told. */
const READ_BY: Record<string, RegExp> = {
  GH_TOKEN: /\bgh (?:api|pr)\b/,
  RAILWAY_TOKEN: /\brailway (?:up|deployment)\b/,
  VERCEL_ORG_ID: /\bvercel (?:pull|build|deploy|promote|rollback|list|remove|curl)\b/,
  VERCEL_PROJECT_ID: /\bvercel (?:pull|build|deploy|promote|rollback|list|remove|curl)\b/,
};

/** How an expression reads a setting or secret. */
export function settingOf({ name, secret, default: value }: Needed): string {
  if (secret) return `\${{ secrets.${secretName(name)} }}`;
  return value === undefined
    ? `\${{ vars.${variableName(name)} }}`
    : `\${{ vars.${variableName(name)} || '${value.replaceAll("'", "''")}' }}`;
}

/** Names of secrets of the application are those of its variables, but for names that GitHub keeps for itself. */
export function secretName(name: string): string {
  return name.replace(/^SECRET_/, "").replace(/^GITHUB_/i, "APP_$&");
}

/** A setting by the name that GitHub lets it have. */
export function variableName(name: string): string {
  return name.replace(/^SETTING_/, "").replace(/^GITHUB_/i, "APP_$&");
}
