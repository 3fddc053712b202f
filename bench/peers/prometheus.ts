import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { freePort } from "../../src/platforms/local/ports.ts";
import { findProgram } from "../../test/labs/missing.ts";
import { type Program, startProgram } from "./program.ts";
import type { Told } from "./receiver.ts";
import type { Equal, Watcher, WatcherOptions } from "./watcher.ts";

const PROGRAMS = ["prometheus", "prometheus-blackbox-exporter", "prometheus-alertmanager"] as const;
const SCRAPE_MS = 60_000;
const EVALUATE_MS = 5_000;
const POLL_MS = 5_000;

const Labels = z.object({ alertname: z.string(), service: z.string() });
const Group = z.object({
  alerts: z.array(z.object({ status: z.string(), labels: Labels, startsAt: z.string() })),
});
const Alerts = z.object({ data: z.object({ alerts: z.array(z.object({ state: z.string(), labels: Labels })) }) });

/** What is not installed of the three; undefined for nothing. */
export function missingPrometheus(): string | undefined {
  const absent = PROGRAMS.filter((name) => !findProgram(name));
  return absent.length === 0 ? undefined : `not installed: ${absent.join(", ")}`;
}

/** Prometheus that asks through its blackbox exporter, with rules and an Alertmanager that tells of them. */
export async function startPrometheus({ targets, equal, hook }: WatcherOptions): Promise<Watcher> {
  const folder = mkdtempSync(join(tmpdir(), "sm-prometheus-"));
  const ports = new Set<number>();
  const address = async () => {
    const port = await freePort(ports);
    ports.add(port);
    return `127.0.0.1:${port}`;
  };
  const [main, exporter, manager] = [await address(), await address(), await address()];
  const write = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), stringify(value));
    return `--config.file=${join(folder, name)}`;
  };
  const rules = join(folder, "rules.yml");
  writeFileSync(rules, stringify({ groups: [{ name: "peers", rules: rulesFor(equal) }] }));
  const url = hook(readGroups());
  const programs: Program[] = [];
  const start = async (name: (typeof PROGRAMS)[number], args: string[], listen: string) =>
    programs.push(
      await startProgram({
        program: findProgram(name) ?? name,
        args: [...args, `--web.listen-address=${listen}`, "--log.level=error"],
        ready: `http://${listen}/`,
      }),
    );
  const stop = async () => {
    await Promise.all(programs.map((program) => program.stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const http = { preferred_ip_protocol: "ip4" };
    await start(PROGRAMS[1], [write("blackbox.yml", { modules: { http: { prober: "http", http } } })], exporter);
    await start(
      PROGRAMS[2],
      [
        write("alertmanager.yml", {
          route: {
            receiver: "hook",
            ...(equal ? { group_by: ["service"], group_wait: "0s", group_interval: "5s" } : {}),
          },
          receivers: [{ name: "hook", webhook_configs: [{ url }] }],
        }),
        `--storage.path=${join(folder, "alerts")}`,
        "--cluster.listen-address=",
      ],
      manager,
    );
    const config = prometheusConfig({ targets, equal, rules, exporter, manager });
    await start(PROGRAMS[0], [write("prometheus.yml", config), `--storage.tsdb.path=${join(folder, "data")}`], main);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    settings: equal
      ? `scraped every ${equal.everyMs / 1_000} s, rules evaluated every ${EVALUATE_MS / 1_000} s: Down after two scrapes that failed; Partly when at least a fifth of the last 20 failed, Slow when half of the last 10 took more than ${equal.latencyMs} ms, neither a page; grouped by service, told at once, then every 5 s`
      : "scraped and evaluated every minute; one rule, probe_success == 0; no grouping, told after 30 s, then every 5 min",
    coveredMs: (equal?.everyMs ?? SCRAPE_MS) + POLL_MS,
    down: async () => {
      const answer = await fetch(`http://${main}/api/v1/alerts`, { signal: AbortSignal.timeout(POLL_MS) });
      const { alerts } = Alerts.parse(await answer.json()).data;
      return alerts.flatMap(({ state, labels }) =>
        state === "firing" && labels.alertname === "Down" ? [labels.service] : [],
      );
    },
    stop,
  };
}

interface ConfigOptions extends Pick<WatcherOptions, "targets" | "equal"> {
  rules: string;
  exporter: string;
  manager: string;
}

function prometheusConfig({ targets, equal, rules, exporter, manager }: ConfigOptions) {
  return {
    global: equal
      ? {
          scrape_interval: `${equal.everyMs}ms`,
          scrape_timeout: `${Math.min(10_000, equal.everyMs / 2)}ms`,
          evaluation_interval: `${EVALUATE_MS}ms`,
        }
      : {},
    rule_files: [rules],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [manager] }] }] },
    scrape_configs: [
      {
        job_name: "targets",
        metrics_path: "/probe",
        params: { module: ["http"] },
        static_configs: [...targets].map(([service, url]) => ({ targets: [url], labels: { service } })),
        relabel_configs: [
          { source_labels: ["__address__"], target_label: "__param_target" },
          { target_label: "__address__", replacement: exporter },
        ],
      },
    ],
  };
}

function rulesFor(equal: Equal | undefined) {
  if (!equal) return [{ alert: "Down", expr: "probe_success == 0" }];
  const { everyMs, latencyMs } = equal;
  const span = (runs: number) => `${runs * everyMs}ms`;
  return [
    { alert: "Down", expr: "probe_success == 0", for: span(1) },
    { alert: "Partly", expr: `avg_over_time(probe_success[${span(20)}]) <= 0.8` },
    { alert: "Slow", expr: `quantile_over_time(0.5, probe_duration_seconds[${span(10)}]) > ${latencyMs / 1_000}` },
  ];
}

/** A group tells all its alerts each time: what it had not told of before begins. */
function readGroups(): (body: unknown) => Told {
  const known = new Set<string>();
  return (body) => {
    const begun = Group.parse(body).alerts.filter(({ status, labels, startsAt }) => {
      const name = `${labels.alertname} ${labels.service} ${startsAt}`;
      return status === "firing" && !known.has(name) && known.add(name);
    });
    return {
      names: begun.map(({ labels }) => labels.service),
      begins: begun.length > 0,
      page: begun.some(({ labels }) => labels.alertname === "Down"),
    };
  };
}
