import type { Counted } from "./verdict.ts";

/** Why the requests of a service do not tell whether its new release is worse, and what would change that. */
export function explain(
  service: string,
  { requests, least, own, lost, came }: Counted,
  hasPaths: boolean,
): { why: string; todo: string } {
  const { candidate, baseline } = came;
  const more = hasPaths ? (own > 0 ? TIME : OTHERS) : "name paths in judge.requests";
  const said = (why: string, todo: string) => ({ why: `${service}: ${why}`, todo });
  if (lost) return said("the proxy ceased to tell how long requests take", "look whether it runs, then deploy again");
  if (candidate === 0 && baseline === 0) return said("no request was seen at either release", more);
  if (candidate === 0) return said(`no request reached the new release, ${baseline} the old one`, SPREAD);
  if (baseline === 0)
    return said(`no request reached the old release beside the new one, which had ${candidate}`, SPREAD);
  if (!Number.isFinite(least))
    return said(`${requests} requests, and the old release fails too often to tell`, "mend the old release first");
  const ours = own > 0 ? ` (${own} of them sent by Stationmaster)` : "";
  return said(`${requests} of the ${least} requests it takes to tell${ours}`, more);
}

/** The same in a few words, for the end of a time in which nothing could be changed about it. */
export function inShort({ requests, least, lost, came }: Counted): string {
  if (lost) return "the proxy ceased to tell how long requests take";
  if (came.candidate === 0) return "no request came";
  if (came.baseline === 0) return "no requests to an old release to compare with";
  if (!Number.isFinite(least)) return "the old release fails too often to tell";
  return `${requests} of the ${least} requests it takes to tell`;
}

const TIME = "wait for more users, or let a step take longer (every)";
/** A path that the old release does not serve, or that fails on both, is not counted. */
const OTHERS = "name paths in judge.requests that the old release answers without an error";
/** A client has one of the releases, so one client says nothing about the other. */
const SPREAD = "a client stays on one release; where few clients send all requests, set key: random in the strategy";
