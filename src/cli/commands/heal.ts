import { confirm } from "../confirm.ts";
import { badUsage, wholeNumber } from "../failure.ts";
import { figureLines, orderQuestion, planLines } from "../heal-lines.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

interface HealOptions extends GlobalOptions {
  plan?: boolean;
  now?: boolean;
  figures?: boolean;
  days: string;
  yes?: boolean;
}

export async function run(options: HealOptions, id?: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    if (options.figures) {
      const figures = await usecases.healingFigures(wholeNumber(options.days, { option: "--days", from: 1, to: 400 }));
      return options.json ? printJson(figures) : print(figureLines(figures).join("\n"));
    }
    if (id === undefined)
      throw badUsage("missing argument 'incident'", "stationmaster incidents lists them; --figures needs none");
    const plan = await usecases.healingPlan(id);
    if (!options.now || options.plan) return options.json ? printJson(plan) : print(planLines(plan).join("\n"));
    await confirm(orderQuestion(plan), options);
    const incident = await usecases.healNow(id, actor());
    if (options.json) printJson(incident);
    else print(`${incident.id}: ${incident.timeline.at(-1)?.text}`);
  });
}
