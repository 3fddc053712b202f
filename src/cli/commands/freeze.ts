import type { Freeze } from "../../contract/hold.ts";
import { badUsage } from "../failure.ts";
import { localTime, print, printJson, table } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";
import { untilTime } from "../until-time.ts";

export async function run(
  options: GlobalOptions & { until?: string; reason?: string; list?: boolean },
  environment?: string,
): Promise<void> {
  const { reason, until } = options;
  if (!options.list && !reason) throw badUsage("a freeze needs a reason", "add --reason TEXT, or --list");
  await withSession({ ...options, env: environment ?? options.env }, async ({ usecases }) => {
    if (!reason) {
      const freezes = await usecases.freezes();
      if (options.json) printJson({ freezes });
      else print(freezes.length === 0 ? "no freeze but those of the manifest" : list(freezes));
      return;
    }
    const freeze = await usecases.freeze({ environment, reason, until: until && untilTime(until) }, actor());
    if (options.json) printJson(freeze);
    else print(`${freeze.environment} is frozen ${end(freeze)}; stationmaster unfreeze ${freeze.id} ends it`);
  });
}

function list(freezes: readonly Freeze[]): string {
  return table(
    ["freeze", "environment", "since", "", "who", "reason"],
    freezes.map((item) => [item.id, item.environment, localTime(item.from), end(item), item.who, item.reason]),
  );
}

function end({ until }: Freeze): string {
  return until === null ? "until it is lifted" : `until ${localTime(until)}`;
}
