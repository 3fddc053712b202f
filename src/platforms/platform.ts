import type { EnvironmentConfig } from "../config/environments.ts";
import type { ServiceConfig } from "../config/schema.ts";
import type { HostRemains } from "../contract/removal.ts";
import type { LogLine } from "../contract/requests.ts";
import type { DoctorReport } from "../contract/status.ts";
import type { UnitExit } from "../contract/unit-exit.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { UnitAddress } from "../store/tables/unit.ts";
import type { Context, Target } from "./target.ts";
import type { Traffic } from "./traffic.ts";

/** Where something listens. */
export interface Place {
  host: string;
  port: number;
}

/** An immutable release as platforms see it. */
export interface ReleaseRef {
  name: string;
  services: Record<string, ReleasedService>;
}

/** A unit is one thing we created, on `local` a process. The id is ours and known before the start. */
export interface UnitRef {
  id: string;
  target: Target;
  address: UnitAddress;
}

export interface StartRequest {
  id: string;
  target: Target;
  release: ReleaseRef;
  /** Complete and resolved; may hold secrets. */
  environment: Record<string, string>;
  /** The host it shall run on, one of `Platform.hosts`. */
  host?: string;
  /** Stamped on what is made. */
  labels: { rollout: string; generation: number; role: "stable" | "candidate" };
}

/** What is left of a unit that is about to be forgotten. */
export interface UnitEnd {
  /** How it ended by itself; null where it was stopped, and where nobody knows. */
  exit: UnitExit | null;
  /** Its last lines, oldest first; empty where the platform keeps logs beyond the unit. */
  lines: string[];
}

export interface ObservedUnit {
  alive: boolean;
  /** Set when the platform knows how it ended. */
  exit: UnitExit | null;
  address: UnitAddress;
  /** How often the target started it again by itself, where it does so. */
  restarts?: number;
}

/** The target's own lease, held on every host: two controllers that do not share a store exclude each other by it. */
export interface Gate {
  /** Aborts when no host holds it for us any more. */
  signal: AbortSignal;
  release(): Promise<void>;
}

/** What planning needs to know of a service as the project has it now. */
export interface Description {
  /** A fingerprint of its files or image, so that equal releases are recognised. */
  fingerprint: string;
  recorded?: Record<string, unknown> | null;
  exclusive?: string | null;
  /** Only services call it: users have no route to it. */
  internal?: boolean;
  /** Variables the project gives it elsewhere than in the manifest, secrets as references; those of the manifest win. */
  env?: Record<string, string>;
  /** Services the project wants up before it elsewhere than in the manifest. */
  dependsOn?: readonly string[];
  /** Hints for who reads the plan. */
  notes?: string[];
}

/** A fact the plan shows before anything is touched; `ok: false` refuses it. */
export interface PreflightFact {
  item: string;
  ok: boolean;
  evidence: string;
  /** What to do about it. */
  next?: string;
}

/** Parts of an environment that are no services of the manifest; each has the name it has in its file. */
export interface Infrastructure {
  /** How a part is on a host; `alive` is false where it is not there. */
  look(name: string, host: string, context: Context): Promise<{ alive: boolean; detail: string | null }>;
  /** As for units; nothing where the part is not there. */
  tail(name: string, host: string, lines: number): Promise<LogLine[]>;
  follow(
    name: string,
    host: string,
    options: { lines: number; onLine: (line: LogLine) => void; signal: AbortSignal },
  ): Promise<void>;
}

/** A container as its engine has it; `restarts`: how often the engine started it again since it was made. */
export interface ContainerLook {
  alive: boolean;
  /** How it ended, or what is wrong; null where nothing is. */
  detail: string | null;
  restarts: number;
}

/** How an environment is taken off a host: whether with its volumes, and how long a service's units may take to end. */
export interface Clearing {
  volumes: boolean;
  graceMs(service: string): number;
}

/** What a platform can do. A capability that is missing is `undefined`; plans refuse what a target cannot honour. */
export interface Platform {
  readonly id: string;
  readonly cutover: "ours" | "platform";
  /** Credentials, tools and limits are fine; otherwise a `UserError` or `ExternalError`. */
  connect(context: Context): Promise<void>;
  /** How the unit is now, also when only its id is known (after a crash between act and outcome). */
  observe(unit: UnitRef, context: Context): Promise<ObservedUnit>;
  /** Everything a start needs, invisible to users; idempotent. */
  prepare(release: ReleaseRef, services: readonly string[], context: Context): Promise<Record<string, unknown>>;
  start(request: StartRequest, context: Context): Promise<UnitAddress>;
  /** Forgets what belongs to none of the releases `keep`. */
  prune(keep: readonly ReleaseRef[], context: Context): Promise<void>;
  /**
   * SIGTERM, grace, SIGKILL; idempotent. Answers how it ended. `keep` hears what is left once it has ended; nothing of it is
   * removed before that has come to its end, and where it rejects everything stays.
   */
  stop(unit: UnitRef, graceMs: number, context: Context, keep?: (end: UnitEnd) => Promise<void>): Promise<string>;
  traffic?: Traffic;
  /** Whether a service of the project as it is now could be started; otherwise a `UserError` that begins with its name. */
  check?(service: string, released: ReleasedService): Promise<void>;
  /** Whether the files of a release are still there, where releases are copies that can get lost. */
  holds?(release: ReleaseRef): Promise<boolean>;
  /** What a service is as the project has it now; left out: nothing but what the manifest says. */
  describe?(service: string, context: Context): Promise<Description>;
  /** Where units run; each gets `replicas` of a service. Left out: one place without a name. */
  hosts?(): readonly string[];
  /** A port on this machine's loopback that leads to the unit's port. Left out: the unit's own. */
  reach?(unit: UnitRef, context: Context): Promise<number>;
  /**
   * Where this machine reaches a name that only the containers of the environment know, such as a database beside its services;
   * undefined: there is none of that name, or several. Left out: names mean the same here.
   */
  inside?(place: Place, context: Context): Promise<Place | undefined>;
  /** Takes the target's own lease. The generation must be above all that were seen there: `atLeast` answers that. */
  fence?: {
    atLeast(target: Omit<Target, "service">, context: Context): Promise<number>;
    hold(target: Omit<Target, "service">, generation: number, context: Context): Promise<Gate>;
  };
  /** Runs one command to its end in a container (or process) of the release, such as a migration; never under traffic. The output is whole and as it was written. */
  once?(
    request: StartRequest & { argv: readonly string[] },
    context: Context,
  ): Promise<{ code: number | null; output: string }>;
  /** Facts about the target for the plan: disk, memory, clock, ports, tools. */
  facts?(release: ReleaseRef, services: readonly string[], context: Context): Promise<PreflightFact[]>;
  /** What a plan says of a service: image, ports, where users call it; a line each. */
  uses?(released: ReleasedService): string[];
  /** Our units there, also those the store does not know; for clean-up. Labels as given at the start. */
  inventory?(
    target: Omit<Target, "service">,
    context: Context,
  ): Promise<{ id: string; host: string; labels: Record<string, string> }[]>;
  /** What an environment has there besides its units, such as networks, volumes and databases. Touches nothing that was not made for it. */
  remains?: {
    /** Stops what runs; it goes on with its data when the environment is prepared again. */
    stop(target: Omit<Target, "service">, context: Context): Promise<void>;
    /** Leaves nothing; idempotent. */
    remove(target: Omit<Target, "service">, context: Context): Promise<void>;
  };
  /** Takes an environment off its hosts, one by one. */
  vacate?: {
    /** What one host has of it; `releases` are those that only this environment has. Looks only. */
    look(
      target: Omit<Target, "service">,
      host: string,
      releases: readonly ReleaseRef[],
      context: Context,
    ): Promise<HostRemains>;
    /**
     * Takes it off one host, also one that the manifest no longer names: no new requests, those under way end, then nothing is left
     * but volumes, unless they go too. Idempotent.
     */
    clear(target: Omit<Target, "service">, host: string, clearing: Clearing, context: Context): Promise<void>;
  };
  /** What runs there besides services, such as databases of a Compose file. `prepare` starts it, and names it in its answer. */
  infrastructure?: Infrastructure;
  /** A container of any name on a host of the environment. Left out: nothing there is known by such a name. */
  container?(name: string, host: string, context: Context): Promise<ContainerLook>;
  /** Findings of `doctor` about what the platform needs. */
  examine?(context: Context): Promise<DoctorReport["checks"]>;
  /** What belongs to this machine and ends with `down`, after the units. Left out: units run elsewhere and go on without us. */
  ends?: { what: string; end(): Promise<void> }[];
  /** Lets go of connections; units go on. */
  close?(): Promise<void>;
  logs?: {
    tail(unit: UnitRef, lines: number): Promise<LogLine[]>;
    /** The last `lines` lines (Infinity: all there are), then each new one until the signal aborts. */
    follow(
      unit: UnitRef,
      options: { lines: number; onLine: (line: LogLine) => void; signal: AbortSignal },
    ): Promise<void>;
    rotate(unit: UnitRef): Promise<void>;
    /** Where units are started again by themselves: how one ended the first time, and the last lines until then; undefined where it never did. */
    firstEnd?(unit: UnitRef, lines: number, context: Context): Promise<UnitEnd | undefined>;
  };
  /** What units use, a minute ago at most, by id; those on hosts that do not answer are left out. */
  metrics?(
    units: readonly UnitRef[],
    context: Context,
  ): Promise<Map<string, { cpuPercent: number; memoryBytes: number }>>;
  /** Databases the platform runs by itself, by the manifest's store name; answers the address for clients. */
  databases?: { ensure(store: string, context: Context): Promise<string>; stopAll(): Promise<void> };
}

/** A platform that moves traffic itself, as all here do. */
export type MovingPlatform = Platform & { traffic: Traffic };

/** What a platform is made from: one environment of one manifest. */
export interface PlatformOptions {
  app: string;
  environment: string;
  stateDir: string;
  /** Where a router of ours listens for orders. */
  socket: string;
  /** The project as its manifest described it when it was last read. */
  project(): Project;
}

export interface Project {
  root: string;
  manifestFile: string;
  repository?: string;
  services: Record<string, ServiceConfig>;
  settings: EnvironmentConfig;
  /** What `NAME` stands for in other files of the project: the environment's value, or that of `.env`. May be a secret. */
  variable(name: string): string | undefined;
}
