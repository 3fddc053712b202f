import { setTimeout as delay } from "node:timers/promises";
import { startKuma } from "./peers/kuma.ts";
import { missingKuma } from "./peers/kuma-server.ts";
import { missingPrometheus, startPrometheus } from "./peers/prometheus.ts";
import { openReceiver, type Told } from "./peers/receiver.ts";
import { startStationmaster } from "./peers/stationmaster.ts";
import { openTargets } from "./peers/targets.ts";
import type { Watcher, WatcherOptions } from "./peers/watcher.ts";
import { seconds, table } from "./report.ts";
import { belongs, wrongDown } from "./sim/figures.ts";
import { noteDown, type Story } from "./sim/run.ts";
import { loadScenarios, type Scenario } from "./sim/scenario.ts";
import type { Spell } from "./sim/world.ts";

const SCRIPT = "side-by-side";
const LATENCY_MS = 1_000;
const LOOK_MS = 1_000;
const SEED = 1;
/**
 * How many times as fast the short form is; what is set by default cannot be, and is left out of it. Faster, and the five minutes
 * after which Stationmaster tells of a SEV3 would not fit in.
 */
const SHORT = 2;

interface Peer {
  name: string;
  missing: string | undefined;
  start(options: WatcherOptions): Promise<Watcher>;
}

interface Watched {
  name: string;
  watcher: Watcher;
  told: (Told & { at: number })[];
  downs: Story["downs"];
}

/** One script of the simulator in real time, watched by several monitors at once. */
export async function benchWatchPeers({ short = false } = {}): Promise<string> {
  const scenario = scriptOf(short ? SHORT : 1);
  const everyMs = Math.min(...scenario.checks.map((check) => check.everyMs));
  const peers: Peer[] = [
    { name: "Stationmaster", missing: undefined, start: startStationmaster },
    { name: "Prometheus, blackbox exporter, Alertmanager", missing: missingPrometheus(), start: startPrometheus },
    { name: "Uptime Kuma", missing: missingKuma(), start: startKuma },
  ];
  const targets = await openTargets(scenario, SEED);
  const receiver = await openReceiver();
  const watched: Watched[] = [];
  try {
    for (const equal of [...(short ? [] : [undefined]), { everyMs, latencyMs: LATENCY_MS }])
      for (const { name, missing, start } of peers) {
        if (missing !== undefined) continue;
        const told: Watched["told"] = [];
        const hook: WatcherOptions["hook"] = (read) =>
          receiver.hook(read, (one) => void told.push({ ...one, at: targets.since() }));
        const watcher = await start({ targets: targets.urls, equal, hook });
        watched.push({ name: `${name}, ${equal ? "alike" : "defaults"}`, watcher, told, downs: [] });
      }
    await delay(Math.max(...watched.map(({ watcher }) => watcher.coveredMs)));
    targets.begin();
    await Promise.all(watched.map((one) => follow(one, scenario, targets.since)));
  } finally {
    await Promise.all(watched.map(({ watcher }) => watcher.stop()));
    receiver.close();
    targets.close();
  }
  const skipped = peers.flatMap(({ name, missing }) => (missing === undefined ? [] : [`skipped: ${name}, ${missing}`]));
  return formatPeers(scenario, targets.world.spells, watched, skipped);
}

/** Notes every second what a monitor holds for down, until the script is over. */
async function follow(one: Watched, { checks, lasts }: Scenario, since: () => number): Promise<void> {
  for (; since() < lasts; await delay(LOOK_MS)) {
    const down = await one.watcher.down();
    for (const { name } of checks) noteDown(one, name, down.includes(name), since());
  }
  for (const { name } of checks) noteDown(one, name, false, lasts);
}

function scriptOf(times: number): Scenario {
  const found = loadScenarios().find(({ name }) => name === SCRIPT);
  if (!found) throw new Error(`there is no scenario ${SCRIPT}`);
  const sooner = (ms: number | undefined) => (ms === undefined ? undefined : ms / times);
  return {
    ...found,
    lasts: found.lasts / times,
    checks: found.checks.map((check) => ({ ...check, everyMs: check.everyMs / times })),
    script: found.script.map((step) =>
      "does" in step
        ? { ...step, at: step.at / times, for: sooner(step.for), on: sooner(step.on), off: sooner(step.off) }
        : step,
    ),
  };
}

function formatPeers(
  { lasts, checks }: Scenario,
  spells: readonly Spell[],
  watched: readonly Watched[],
  skipped: readonly string[],
): string {
  const real = spells.filter(({ nothing }) => !nothing);
  const alarms = ({ told }: Watched) =>
    told.flatMap(({ begins, names, at }) => (begins ? names.map((service) => ({ service, at })) : []));
  const rows = watched.map((one) => {
    const all = alarms(one);
    const found = real.map((spell) => all.find((alarm) => belongs(alarm, spell)));
    const pages = one.told.filter(({ page }) => page).length;
    return [
      one.name,
      ...found.map((alarm, index) => seconds(alarm ? alarm.at - (real[index]?.at ?? 0) : null)),
      found.filter((alarm) => !alarm).length,
      all.filter((alarm) => !real.some((spell) => belongs(alarm, spell))).length,
      (pages / real.length).toFixed(1),
      one.told.length,
      (wrongDown(one.downs, spells) / 60_000).toFixed(1),
    ];
  });
  const faults = real.map(({ who, does, share, on }) => {
    const how = share < 1 ? ` ${Math.round(100 * share)} %` : "";
    return `${who.join(", ")} (${does}${how}${on === undefined ? "" : `, ${on / 1_000} s in turn`})`;
  });
  return [
    `${checks.length} targets on one server for ${lasts / 60_000} min, ${real.length} faults: ${faults.join("; ")}; and blips that nobody should hear of`,
    table(
      [
        ...["", ...real.map(({ who }) => `${who.join(" ")} s`)],
        ...["missed", "false", "pages/fault", "messages", "wrong DOWN min"],
      ],
      rows,
    ),
    "seconds from the fault to the first message about it; pages: messages that say that a target is down (Stationmaster: SEV1 and SEV2, calls again included);",
    "false: alarms with no fault behind them; messages: all, ends included; wrong DOWN: while the target was well, recoveries under watch included",
    ...watched.map(({ name, watcher }) => `${name}: ${watcher.settings}`),
    ...skipped,
  ].join("\n");
}
