import type { GenerateTarget } from "../../contract/generate.ts";
import { type Prices, priceOf } from "./prices.ts";
import type { Situation } from "./situation.ts";

/** A month in USD as a range: nobody knows the traffic. */
export interface Cost {
  low: number;
  high: number;
  assumptions: string[];
}

const HOURS = 730;
const SECONDS = HOURS * 3_600;
/** What a small service takes, idle and busy. */
const CPU = { low: 0.1, high: 0.5 };
const GB = { low: 0.25, high: 0.5 };
/** Of the time in which a replica works. */
const BUSY = { low: 0.05, high: 0.4 };

interface Counts {
  running: number;
  stores: number;
  /** Of each service, at quiet and at busy times; what is asked for, or what is usual. */
  replicas: (usual: readonly [low: number, high: number]) => { low: number; high: number; words: string };
  /** Of each store. */
  disk: { low: number; high: number; words: string };
}
type Counted = (
  price: (id: string) => number,
  counts: Counts,
) => (Omit<Cost, "assumptions"> & { words: string[] }) | undefined;

const FORMULAS: Partial<Record<GenerateTarget, Counted>> = {
  railway: (price, { running, stores, replicas: replicasOf, disk: size }) => {
    const replicas = replicasOf([1, 2]);
    const unit = (cpu: number, gb: number) => cpu * price("railway.vcpu-month") + gb * price("railway.gb-month");
    const all = running * replicas.low + stores;
    const disk = stores * price("railway.disk-gb-month");
    return {
      low: Math.max(price("railway.plan-month"), all * unit(CPU.low, GB.low) + disk * size.low),
      high: Math.max(
        price("railway.plan-month"),
        (running * replicas.high + stores) * unit(CPU.high, GB.high) +
          disk * size.high +
          100 * price("railway.egress-gb"),
      ),
      words: [
        `${CPU.low} to ${CPU.high} cores and ${GB.low} to ${GB.high} GB used by each, ${replicas.words}`,
        "Pro plan, whose fee counts towards usage",
        `${size.words}, up to 100 GB of traffic`,
      ],
    };
  },
  aws: (price, { running, stores, replicas: replicasOf }) => {
    const replicas = replicasOf([2, 4]);
    const task = (cpu: number, gb: number) => HOURS * (cpu * price("aws.vcpu-hour") + gb * price("aws.gb-hour"));
    const base = price("aws.nat-month") + stores * price("aws.database-month");
    return {
      low: base + running * replicas.low * task(0.25, 0.5),
      high: base * 2 + running * replicas.high * task(0.5, 1),
      words: [
        `tasks of 0.25 to 0.5 vCPU and 0.5 to 1 GB, ${replicas.words}, one or two NAT gateways`,
        "without the load balancer's hours, traffic, logs and the disks of databases: no dated price",
      ],
    };
  },
  vercel: (price, { stores }) => {
    // Its databases are those of others, and have no dated price.
    if (stores > 0) return undefined;
    return {
      low: price("vercel.seat-month"),
      high: 3 * price("vercel.seat-month"),
      words: ["1 to 3 seats of the Pro plan, traffic and functions within what comes with it"],
    };
  },
  kubernetes: (price, { running, stores, replicas: replicasOf }) => {
    const replicas = replicasOf([2, 4]);
    const pod = (cpu: number, gb: number) => HOURS * (cpu * price("aws.vcpu-hour") + gb * price("aws.gb-hour"));
    const base =
      HOURS * price("kubernetes.cluster-hour") + price("aws.nat-month") + stores * price("aws.database-month");
    return {
      low: base + running * replicas.low * pod(0.25, 0.5),
      high: base * 2 + running * replicas.high * pod(0.5, 1),
      words: [
        `EKS with pods on Fargate of 0.25 to 0.5 vCPU and 0.5 to 1 GB, ${replicas.words}, one or two clusters`,
        "without the load balancer's hours, traffic, logs and the disks of databases: no dated price",
      ],
    };
  },
  azure: (price, { running, stores, replicas: replicasOf }) => {
    const replicas = replicasOf([1, 2]);
    const replica = (busy: number, cpu: number, gb: number) =>
      SECONDS *
      (cpu * (busy * price("azure.vcpu-second") + (1 - busy) * price("azure.vcpu-idle-second")) +
        gb * price("azure.gb-second"));
    // Its databases have no dated price: an estimate without them would be too low to compare.
    if (stores > 0) return undefined;
    return {
      low: running * replicas.low * replica(BUSY.low, 0.25, 0.5),
      high: running * replicas.high * replica(BUSY.high, 0.5, 1),
      words: [
        `replicas of 0.25 to 0.5 vCPU and 0.5 to 1 GB, ${replicas.words}, idle most of the time`,
        "without Front Door: no dated price",
      ],
    };
  },
};

/** The estimate of a platform; undefined where a price it needs has no dated row. */
export function costOf(target: GenerateTarget, situation: Situation, prices: Prices): Cost | undefined {
  const formula = FORMULAS[target];
  const missing: string[] = [];
  const price = (id: string) => {
    const found = priceOf(prices, id);
    if (found === undefined) missing.push(id);
    return found ?? 0;
  };
  const { servers, workers, pages, stores } = situation;
  const running = Math.max(1, servers.length + workers.length + pages.length);
  const counted = formula?.(price, {
    running,
    stores: stores.length,
    replicas: (usual) => replicasOf(situation, usual),
    disk: diskOf(situation),
  });
  if (!counted || missing.length > 0) return undefined;
  const { low, high, words } = counted;
  return {
    low: Math.max(1, Math.round(low)),
    high: Math.max(1, Math.round(high)),
    assumptions: [
      `${running} service${running === 1 ? "" : "s"}, ${stores.length} store${stores.length === 1 ? "" : "s"}`,
      ...words,
    ],
  };
}

function replicasOf({ scale }: Situation, [least, most]: readonly [number, number]) {
  const low = scale?.min ?? Math.min(least, scale?.max ?? least);
  const high = Math.max(low, scale?.max ?? most);
  return { low, high, words: `${low} to ${high} of each service${scale ? ` as ${scale.at} asks` : ""}` };
}

function diskOf({ dataGb }: Situation) {
  const high = Math.max(20, Math.ceil(dataGb?.gb ?? 0));
  return {
    low: 1,
    high,
    words: `1 to ${high} GB of disk per store${dataGb && high > 20 ? ` as ${dataGb.at} asks` : ""}`,
  };
}
