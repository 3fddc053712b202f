import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type AxeCore from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare global {
  var axe: typeof AxeCore;
}

/** What axe-core objects to, as `rule: element`; by one rule, or by all but one. */
export async function objections(page: Page, { only, but }: { only?: string; but?: string } = {}): Promise<string[]> {
  const options: AxeCore.RunOptions = {
    ...(only && { runOnly: [only] }),
    ...(but && { rules: { [but]: { enabled: false } } }),
  };
  await page.evaluate(AXE);
  return await page.evaluate(async (given) => {
    const { violations } = await globalThis.axe.run(document, given);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, options);
}
