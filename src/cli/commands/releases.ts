import { ago, print, printJson, state, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const releases = await usecases.releases();
    if (options.json) return printJson({ releases });
    const rows = releases.map((item) => [
      item.current ? "●" : "",
      item.name,
      item.state ? state(item.state) : "–",
      item.commit ?? "–",
      ago(item.createdAt),
      item.services.join(", "),
    ]);
    print(
      rows.length === 0
        ? "nothing deployed yet; stationmaster up deploys"
        : table(["", "release", "last rollout", "commit", "made", "services"], rows),
    );
  });
}
