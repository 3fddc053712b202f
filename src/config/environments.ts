import { z } from "zod";
import { ClientKey, StrategyKind, type StrategyName } from "../contract/rollout.ts";
import { HttpPath } from "./checks.ts";
import { Duration, Name, Network, Port, Scalar, TimeWindow } from "./fields.ts";

const Judge = z.strictObject({
  alpha: z.number().gt(0).max(0.2).default(0.01).describe("chance of refusing a release that is no worse, per rollout"),
  ratio: z.number().min(1).max(10).default(1.25).describe("rise of the error rate that is tolerated"),
  on_inconclusive: z
    .enum(["hold", "promote", "rollback"])
    .optional()
    .describe(
      "what follows when too few requests came to tell: wait for a person (default), go on (`local`), or go back",
    ),
  wait: Duration.prefault("24h").describe("how long a person may take to decide; then it goes back"),
  requests: z
    .array(HttpPath)
    .optional()
    .describe(
      "paths that Stationmaster gets from both releases when too few users come; those of the `checks` of a service where nothing is said",
    ),
});

const StrategySettings = z.strictObject({
  kind: StrategyKind.optional().describe(
    "how users get a release; left out: blue-green, and on hosts canary where the traffic suffices to judge one",
  ),
  steps: z
    .array(z.number().min(1).max(100))
    .min(1)
    .optional()
    .describe("canary: shares in percent, rising, the last is 100"),
  every: Duration.optional().describe("canary: time at each share"),
  bake: Duration.optional().describe("time at 100 % while the old release is kept warm"),
  key: ClientKey.optional().describe(
    "canary: what decides who gets the new release. `client` (address and user agent) and `cookie:NAME` (a cookie of the application; `client` without it) keep a user on one side; `random` decides for each request. Left out: `client`, and `random` on `local`",
  ),
  judge: Judge.prefault({}).describe("how a release is compared with the one before it"),
});
/** 10 % at minute 0, everything at minute 30. */
const CANARY_30M = { kind: "canary", steps: [10, 25, 50, 100], every: "10m", bake: "10m" } as const;
const Strategy = z.union([
  StrategyKind.transform((kind): z.input<typeof StrategySettings> => ({ kind })).pipe(StrategySettings),
  z
    .literal("canary-30m")
    .transform((): z.input<typeof StrategySettings> => ({ ...CANARY_30M, steps: [...CANARY_30M.steps] }))
    .pipe(StrategySettings),
  StrategySettings,
]);
export type StrategyConfig = z.infer<typeof Strategy>;

/** The settings of an environment with those that a name stands for; what the name leaves open stays. */
export function namedStrategy(name: StrategyName, given: Partial<StrategyConfig>): Partial<StrategyConfig> {
  const { judge: _, ...named } = Strategy.parse(name);
  return { ...given, ...named };
}

const RouteSettings = z.strictObject({
  port: Port.describe("port on the host that users call"),
  bind: z.string().default("0.0.0.0").describe("address on the host it is opened on"),
  tls: z.string().optional().describe("file on the host with certificate and key (PEM); users then call it with https"),
  domain: z
    .string()
    .optional()
    .describe(
      "requests for this host name only, so that services can share a port; `${preview}` is the name of the copy where the environment has `per`",
    ),
});
const Route = z.union([
  Port.transform((port): z.input<typeof RouteSettings> => ({ port })).pipe(RouteSettings),
  RouteSettings,
]);

const PREFLIGHT_FACTS = ["qa", "migrations-tested", "backup"] as const;

const common = {
  strategy: Strategy.prefault({}).describe(
    "a kind, or an object; `canary-30m` is 10 % for ten minutes each up to 100 % at minute 30",
  ),
  env: z.record(z.string(), Scalar).default({}).describe("variables for every service of this environment"),
  after: z
    .array(Name)
    .default([])
    .describe("environments where the same release must have succeeded in the last 7 days"),
  require: z.array(z.enum(PREFLIGHT_FACTS)).default([]).describe("facts without which a release is refused"),
  approvers: z
    .array(z.string().min(1))
    .default([])
    .describe("who may approve `require`d facts; anybody where it is empty"),
  freeze: z
    .array(TimeWindow)
    .default([])
    .describe("times in which nothing is deployed, such as `Fri 16:00 - Mon 08:00 Europe/Paris`"),
  protected: z
    .boolean()
    .optional()
    .describe(
      "healing proposes and waits for a person unless `remedies` says `mode: act`; true where the name is `production`",
    ),
  windows: z.array(TimeWindow).default([]).describe("the only times in which something is deployed, in the same form"),
};

const LocalEnvironment = z.strictObject({
  platform: z.literal("local").describe("processes on this machine"),
  ...common,
});

const ComposeEnvironment = z.strictObject({
  platform: z
    .literal("compose")
    .describe("containers on servers reached over SSH, or on the Docker engine of this machine"),
  hosts: z
    .array(
      z.string().regex(/^(?!-)[\w.@:[\]-]+$/, "local, or a name that `ssh` knows, such as deploy@staging.example.com"),
    )
    .min(1)
    .describe("where it runs: `local`, or what one would give to `ssh`"),
  quorum: z
    .int()
    .min(1)
    .optional()
    .describe(
      "how many hosts suffice once users have a release: one that is lost from then on is left behind, and follows when it answers again; left out: none may be lost",
    ),
  path: z
    .string()
    .regex(/^\/[\w./-]+$/, "an absolute path")
    .optional()
    .describe(
      "folder on each host for routes, locks and sources; `~/.stationmaster` where nothing is said. All projects of a host share it: one proxy has its ports",
    ),
  file: z
    .string()
    .optional()
    .describe("compose file, relative to the manifest; compose.yaml or docker-compose.yml where there is one"),
  branch: z
    .string()
    .regex(/^(?!-)[\w./-]+$/, "a branch")
    .optional()
    .describe("images are built on the host from this branch of `repository`"),
  tag: z
    .string()
    .regex(/^(?!-)[\w./*-]+$/, "a tag, or a pattern such as v*")
    .optional()
    .describe("images are built on the host from this tag, or from the newest one of a pattern such as `v*`"),
  routes: z
    .record(Name, Route)
    .default({})
    .describe("port on the host per service; the published `ports` of the compose file where nothing is said"),
  trusted_proxies: z
    .array(Network)
    .default([])
    .describe(
      "addresses and networks (`10.0.0.0/8`) of load balancers in front of the hosts, which are believed about `X-Forwarded-For`, `-Proto` and `-Host`; what others say there is replaced",
    ),
  sudo: z.boolean().default(false).describe("put `sudo -n` before docker and haproxy on the hosts"),
  per: z
    .enum(["pull-request", "branch"])
    .optional()
    .describe("one copy of this environment for each pull request or branch"),
  expire: Duration.prefault("7d").describe(
    "`per`: how long a copy stays after its pull request was closed or its branch is gone",
  ),
  most: z.int().min(1).default(10).describe("`per`: copies at a time on a host"),
  idle: Duration.prefault("3d").describe(
    "`per`: a copy without requests for this long is stopped until somebody wakes it",
  ),
  secrets: z
    .array(z.string())
    .default([])
    .describe("`per`: names of the secrets its copies may use; copies of a fork get none"),
  forks: z
    .boolean()
    .default(false)
    .describe("`per: pull-request`: copies of forks too, whose code anybody may have written; without secrets"),
  webhook_secret: z
    .string()
    .regex(/^\$\{secret:[A-Za-z_]\w*\}$/, "a secret, such as ${secret:WEBHOOK_SECRET}")
    .optional()
    .describe(
      "`per`: what the repository signs its webhooks with, such as `${secret:WEBHOOK_SECRET}`; they make the daemon look at once",
    ),
  images: z
    .record(Name, z.string().min(1))
    .default({})
    .describe("`per`: image of a service that was built elsewhere; `${commit}` and `${preview}` are replaced"),
  ...common,
});

export const Environment = z.discriminatedUnion("platform", [LocalEnvironment, ComposeEnvironment]);
export type EnvironmentConfig = z.infer<typeof Environment>;
export type ComposeConfig = z.infer<typeof ComposeEnvironment>;

/** Whether nobody but people decides on actions there by default. */
export function isProtected(name: string, { protected: said }: Pick<EnvironmentConfig, "protected">): boolean {
  return said ?? name === "production";
}
