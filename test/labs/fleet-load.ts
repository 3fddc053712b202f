import { type LoadOptions, type LoadReport, runLoad } from "../../bench/load.ts";
import type { Fleet } from "./fleet.ts";

/**
 * Sends requests of every kind to every host while `work` goes on, open loop, `rate` a second to each; answers what became of
 * them as one report, latencies left out.
 */
export async function underLoad(
  { machines }: Pick<Fleet, "machines">,
  work: () => Promise<unknown>,
  options: Partial<LoadOptions> = {},
): Promise<Pick<LoadReport, "sent" | "ok" | "failed" | "failures" | "releases" | "sse" | "ws">> {
  const end = new AbortController();
  const loads = machines.hosts.map(({ address }) =>
    runLoad({
      url: `http://${address}`,
      rate: 40,
      clients: 100,
      signal: end.signal,
      mix: { getKeepAlive: 2, getNew: 1, postBody: 1 },
      timeoutMs: 40_000,
      releaseHeader: "x-release",
      ...options,
    }),
  );
  try {
    await work();
  } finally {
    end.abort();
  }
  const reports = await Promise.all(loads);
  const sum = (of: (report: LoadReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const releases: Record<string, number> = {};
  for (const [name, count] of reports.flatMap((report) => Object.entries(report.releases)))
    releases[name] = (releases[name] ?? 0) + count;
  return {
    sent: sum(({ sent }) => sent),
    ok: sum(({ ok }) => ok),
    failed: sum(({ failed }) => failed),
    failures: reports.flatMap(({ failures }) => failures),
    releases,
    sse: { events: sum(({ sse }) => sse.events), cuts: sum(({ sse }) => sse.cuts) },
    ws: { events: sum(({ ws }) => ws.events), cuts: sum(({ ws }) => ws.cuts) },
  };
}

/** How many of `count` different clients get which release, by host. */
export async function sharesAt(
  { machines }: Pick<Fleet, "machines">,
  count: number,
): Promise<Record<string, number>[]> {
  const ask = async (address: string, client: number) => {
    const headers = { connection: "close", "user-agent": `client ${client}` };
    const answer = await fetch(`http://${address}/version`, { headers, signal: AbortSignal.timeout(10_000) });
    await answer.text();
    return answer.headers.get("x-release") ?? `status ${answer.status}`;
  };
  const sharesOf = async (address: string) => {
    const shares: Record<string, number> = {};
    for (let client = 0; client < count; client++) {
      const release = await ask(address, client);
      shares[release] = (shares[release] ?? 0) + 1;
    }
    return shares;
  };
  return await Promise.all(machines.hosts.map(({ address }) => sharesOf(address)));
}
