import { SilenceMatcher, type SilenceRequest } from "../../contract/silence.ts";
import { parseDuration } from "../../core/duration.ts";
import { badUsage } from "../failure.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";
import { addedText } from "../silence-lines.ts";
import { untilTime } from "../until-time.ts";

interface SilenceOptions extends GlobalOptions {
  for: string;
  reason: string;
  from?: string;
  maintenance?: boolean;
  cron?: string;
  lasts?: string;
  zone: string;
  dryRun?: boolean;
}

export async function run(options: SilenceOptions, matcher: string[]): Promise<void> {
  const { reason } = options;
  const from = options.from && untilTime(options.from);
  const request: SilenceRequest = {
    kind: options.maintenance ? "maintenance" : "silence",
    matcher: matcherOf(matcher),
    reason,
    until: untilTime(options.for, from ? Date.parse(from) : undefined),
    ...(from ? { from } : {}),
    ...recurrenceOf(options),
  };
  await withSession(options, async ({ usecases }) => {
    const answer = options.dryRun
      ? await usecases.previewSilence(request)
      : await usecases.addSilence(request, actor());
    if (options.json) return printJson(answer);
    for (const warning of answer.warnings) print(`warning: ${warning}`);
    if (options.dryRun) return print(["it would be about:", ...answer.silence.checks].join("\n"));
    print(addedText(answer.silence));
  });
}

/** `service=api`, `severity=SEV3`, … */
function matcherOf(words: readonly string[]): SilenceMatcher {
  const pairs = words.map((word) => {
    const [, key = "", value = ""] = /^(\w+)=(.+)$/.exec(word) ?? [];
    if (key === "") throw badUsage(`"${word}" is no matcher`, "write service=NAME, check=NAME or severity=SEV3");
    return [key, value] as const;
  });
  const parsed = SilenceMatcher.safeParse(Object.fromEntries(pairs));
  if (parsed.success) return parsed.data;
  throw badUsage(
    `the matcher ${words.join(" ")} is wrong`,
    `it may name ${Object.keys(SilenceMatcher.shape).join(", ")}; a severity is SEV1, SEV2 or SEV3`,
  );
}

function recurrenceOf({ cron, lasts, zone }: SilenceOptions): Pick<SilenceRequest, "recurrence"> {
  if (cron === undefined && lasts === undefined) return {};
  const durationMs = lasts === undefined ? undefined : parseDuration(lasts);
  if (cron === undefined || durationMs === undefined)
    throw badUsage("a recurring silence has a cron line and a length", 'add --cron "0 2 * * 0" --lasts 2h');
  return { recurrence: { cron, durationMs, zone } };
}
