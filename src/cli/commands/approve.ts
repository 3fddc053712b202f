import { VouchRequest } from "../../contract/requests.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

/** A fact that somebody vouches for, or else the id of an incident whose proposed action is carried out. */
export async function run(
  options: GlobalOptions & { release?: string; evidence?: string },
  what: string,
): Promise<void> {
  const fact = VouchRequest.shape.what.safeParse(what);
  await withSession(options, async ({ usecases }) => {
    if (fact.success) {
      const { release, evidence } = options;
      const approval = await usecases.vouch({ what: fact.data, release, evidence }, actor());
      if (options.json) return printJson(approval);
      return print(
        `${approval.who} vouches for ${approval.what} of ${approval.release} in ${approval.environment} (${approval.id})`,
      );
    }
    const incident = await usecases.approve(what, actor());
    if (options.json) printJson(incident);
    else print(`${incident.id}: ${incident.actions.at(-1)?.remedy ?? "nothing"} is being carried out`);
  });
}
