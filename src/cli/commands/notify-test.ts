import { ExternalError } from "../../core/errors.ts";
import { print, printJson, state, table } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, channel?: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const channels = await usecases.testNotifications({ channel }, actor());
    if (options.json) printJson({ channels });
    else
      print(
        table(
          ["channel", "", "after", "reason"],
          channels.map((item) => [
            item.channel,
            state(item.accepted ? "accepted" : "refused"),
            `${item.ms} ms`,
            item.error ?? "",
          ]),
        ),
      );
    const refused = channels.filter(({ accepted }) => !accepted);
    if (refused.length === 0) return;
    throw new ExternalError({
      code: "SM-NOTIFY-TEST",
      message: `${refused.map((item) => item.channel).join(", ")} did not take the test message`,
      next: "correct the channel under notify",
    });
  });
}
