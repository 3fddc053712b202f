import type { Rule } from "../../src/lint/rule.ts";
import { cell, GENERATED } from "./markdown.ts";

const INTRO = `# Rules

${GENERATED}

What \`stationmaster check\` asks of infrastructure files ([guide](../guide/check.md)). Some cases of a rule are graver or milder than the rule;
\`--fix\` mends those that a change cannot break. The last column has the ids of the same rule in other tools and in the CIS benchmarks.

| rule | asks for | severity | --fix | elsewhere |
|---|---|---|---|---|
`;

/** The reference page of all rules, in the order of their numbers, one row a rule. */
export function rulesPage(rules: readonly Rule[]): string {
  return `${INTRO}${rules.map(row).join("\n")}\n`;
}

function row({ id, title, help, severity, fixable, origins, cis }: Rule): string {
  const what = help === undefined ? cell(title) : `**${cell(title)}**<br>${cell(help)}`;
  const elsewhere = [...origins.map((origin) => `\`${origin}\``), ...(cis ? [`CIS ${cis}`] : [])].join(", ");
  return `| <a id="${id.toLowerCase()}"></a>${id} | ${what} | ${severity} | ${fixable ? "yes" : ""} | ${elsewhere} |`;
}
