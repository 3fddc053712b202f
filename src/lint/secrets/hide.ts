import type { Finding } from "../finding.ts";
import { secretValues } from "./scan.ts";

/** So many signs in a row are enough to find a secret again. */
const LEAST = 8;
const HIDDEN = "[secret]";

/** Findings of one file that quote none of its secrets; a fix that would is left out, as reports tell fixes too. */
export function withoutSecrets(findings: readonly Finding[], text: string): Finding[] {
  const [other] = findings.filter(({ rule }) => !rule.startsWith("secret-"));
  const values = other ? secretValues(other.file, text) : [];
  if (values.length === 0) return [...findings];
  return findings.map(({ fix, ...finding }) => {
    const told = fix ? [fix.description, ...fix.edits.map((edit) => edit.text)].join("\n") : "";
    return {
      ...finding,
      message: hideSecrets(finding.message, values),
      ...(fix && told === hideSecrets(told, values) ? { fix } : {}),
    };
  });
}

/** A text without the secrets it quotes, also where it quotes a part of one. */
function hideSecrets(text: string, values: readonly string[]): string {
  return values.reduce(hideOne, text);
}

function hideOne(text: string, value: string): string {
  if (value.length < LEAST) return text.replaceAll(value, HIDDEN);
  const runs: { start: number; end: number }[] = [];
  for (let start = 0; start + LEAST <= text.length; start += 1) {
    let end = start + LEAST;
    if (!value.includes(text.slice(start, end))) continue;
    while (end < text.length && value.includes(text.slice(start, end + 1))) end += 1;
    runs.push({ start, end });
    start = end - 1;
  }
  return runs.reduceRight((out, { start, end }) => out.slice(0, start) + HIDDEN + out.slice(end), text);
}
