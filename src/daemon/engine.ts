import { createHmac } from "node:crypto";
import type { Manifest } from "../config/load.ts";
import { interpolate, type References, type SecretSource, secretNames } from "../config/secrets.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { UserError } from "../core/errors.ts";
import { createRedactor, type Redactor, redactDeep } from "../core/redact.ts";
import { createDeployer, type Deployer } from "../deploy/deployer.ts";
import type { Boundary } from "../deploy/journal.ts";
import { isGuarded } from "../deploy/preflight/gather.ts";
import { previewAddress } from "../deploy/previews/databases.ts";
import { previewVariables } from "../deploy/previews/settings.ts";
import type { DeployDependencies, UnitProbe } from "../deploy/run.ts";
import type { MovingPlatform } from "../platforms/platform.ts";
import { PLATFORMS } from "../platforms/registry.ts";
import type { Store } from "../store/connect.ts";
import { appendLedger, type LedgerEntry } from "../store/ledger.ts";
import { keptReleases } from "../store/releases.ts";
import { downSince } from "../watch/state.ts";
import { type Bus, createBus } from "./bus.ts";
import { crashBoundary } from "./fault.ts";
import { makePlace, type Place, stateKey } from "./place.ts";
import { postChecks } from "./post-checks.ts";
import { probeUnit } from "./probe.ts";
import { openProject, type Project, requireName, settingsOf } from "./project.ts";
import { openPlaceStore } from "./store.ts";

/** Everything a use case needs, wired for one manifest and state directory. Opened by the daemon, or by a command that finds none. */
export interface Engine {
  place: Place;
  /** What is in force: of the last rollout that began and was not undone; at the start what lay on disk. */
  project: Project;
  /** That of `project`. */
  manifest: Manifest;
  environment: string;
  store: Store;
  platform: MovingPlatform;
  deployer: Deployer;
  /** What rollouts and restarts are made with. */
  deploy: DeployDependencies;
  clock: Clock;
  redact: Redactor;
  bus: Bus;
  /** What lies on disk now, for a plan: nothing follows from it before it is adopted. Throws UserError `SM-CONFIG-…`. */
  read(): Project;
  /** Puts it in force: checks, stores and secrets are from now on those. */
  adopt(project: Project): void;
  /** The address of a service as its users call it; undefined before its first deployment. */
  serviceUrl(service: string): Promise<string | undefined>;
  /** A text with its `${…}` replaced; secrets in it become known to the redactor. */
  resolve(text: string, where: string): Promise<string>;
  /** The variables of a service with their `${…}` replaced; by default with the stores and secrets in force. */
  variables(service: string, env: Record<string, string>, from?: Project): Promise<Record<string, string>>;
  /** A digest that changes when a secret of the text changes; by default of those in force. */
  secretDigest(texts: readonly string[], where: string, from?: Project): string;
  audit(entry: LedgerEntry): Promise<void>;
  close(): Promise<void>;
}

interface EngineOptions {
  /** A name of the manifest or of a preview; the first of the manifest where it is left out. */
  environment?: string;
  boundary?: Boundary;
  /** One that is open already; it stays open. */
  store?: Store;
}

/** Loads the manifest, starts or connects the store and wires the platform. Throws what a user can mend as `UserError`. */
export async function openEngine(
  place: Place,
  { environment, boundary = crashBoundary(), store: shared }: EngineOptions = {},
): Promise<Engine> {
  const app = requireName(place, environment);
  makePlace(place);
  const key = stateKey(place);
  const redact = createRedactor();
  const store = shared ?? (await openPlaceStore(place));
  const closeStore = async () => void (shared ?? (await store.close()));
  const found = await openProject(place, store, { app, environment }).catch(async (error: unknown) => {
    await closeStore();
    throw error;
  });
  const { preview, read, environmentName } = found;
  const given = preview ? previewVariables(preview) : {};
  let { project } = found;
  // Planned and copied is what was read last.
  let onDisk = project.manifest;
  let secretsOnDisk = project.secrets;
  const bus = createBus();
  const settings = settingsOf(project.manifest, environmentName);
  const platform = PLATFORMS[settings.platform]({
    app,
    environment: environmentName,
    stateDir: place.stateDir,
    socket: place.socket,
    project: () => ({
      ...onDisk,
      manifestFile: onDisk.file,
      settings: onDisk.environments[environmentName] ?? settings,
      variable: (name) => (secretsOnDisk.allows?.(name) === false ? undefined : secretsOnDisk.find(name)?.unwrap()),
    }),
  });

  const target = (service: string) => ({ app, environment: environmentName, service });
  const signal = () => ({ signal: AbortSignal.timeout(30_000) });
  const glance = (service: string) => (platform.traffic.glance ?? platform.traffic.read)(target(service), signal());
  const serviceUrl = async (service: string) => (await glance(service))?.url;
  const peerUrl = (service: string) => glance(service).then((view) => view?.inside ?? view?.url);

  function finder({ manifest, secrets }: Project): SecretSource["find"] {
    return (name) => {
      const secret = secrets.find(name);
      const value = secret?.unwrap();
      const isPublic = Object.hasOwn(given, name) || publicNames(manifest).some((word) => word.includes(value ?? ""));
      if (value && !isPublic) redact.learn(value);
      return secret;
    };
  }
  /** What a service was told yesterday is in its log today, so all that can be found is known before anything is shown. */
  const learnSecrets = (source: unknown, from: Project) => {
    for (const name of secretNames(JSON.stringify(source)))
      if (from.secrets.allows?.(name) !== false) finder(from)(name);
  };
  learnSecrets([project.manifest, await keptReleases(store.db, app)], project);

  async function resolve(text: string, where: string, from = project, address = serviceUrl): Promise<string> {
    const stores = new Map<string, string>();
    const services = new Map<string, string | undefined>();
    for (const [, kind, name = ""] of text.matchAll(/\$\{(store|service):([^}]+)\}/g)) {
      if (kind === "store") stores.set(name, await storeAddress(name, from));
      else services.set(name, await address(name));
    }
    const references: References = {
      secret: finder(from),
      store: (name) => stores.get(name),
      service: (name) => services.get(name),
    };
    return interpolate(text, references, where);
  }

  async function storeAddress(name: string, from: Project): Promise<string> {
    const url = from.manifest.stores[name]?.url;
    if (url !== undefined) {
      const none = () => undefined;
      const address = interpolate(url, { secret: finder(from), store: none, service: none }, `stores.${name}.url`);
      return preview ? previewAddress(address, preview, name) : address;
    }
    if (platform.databases) return await platform.databases.ensure(name, signal());
    throw new UserError({
      code: "SM-STORE-URL",
      message: `the store ${name} has no \`url\`, which the platform ${platform.id} needs`,
      next: `add stores.${name}.url, such as "\${secret:DATABASE_URL}"`,
    });
  }

  async function variables(service: string, env: Record<string, string>, from = project) {
    const pairs = Object.entries(env).map(
      async ([name, text]) => [name, await resolve(text, `services.${service}.env.${name}`, from, peerUrl)] as const,
    );
    return Object.fromEntries(await Promise.all(pairs));
  }

  function secretDigest(texts: readonly string[], where: string, from = project): string {
    const secret = finder(from);
    const store = (name: string) => `\${store:${name}}`;
    const service = (name: string) => `\${service:${name}}`;
    const values = texts.map((text) => interpolate(text, { secret, store, service }, where));
    return createHmac("sha256", key).update(JSON.stringify(values)).digest("hex");
  }

  const probe: UnitProbe = (service, released, port, probeSignal) =>
    probeUnit({
      service,
      released,
      port,
      signal: probeSignal,
      environment: environmentName,
      redact,
      clock: systemClock,
    });

  const deploy: DeployDependencies = {
    app,
    store,
    platform,
    clock: systemClock,
    probe,
    resolveEnvironment: (_environment, service, { env }) => variables(service, env),
    redact,
    onChange: (id) => bus.emit({ type: "rollout", id }),
    boundary,
    post: {
      browser: isGuarded(settings),
      ...postChecks({
        get manifest() {
          return project.manifest;
        },
        ...{ environment: environmentName, clock: systemClock, redact, resolve },
        downSince: (id) => downSince(store, id),
      }),
    },
  };
  const deployer = createDeployer(deploy);

  return {
    place,
    get project() {
      return project;
    },
    get manifest() {
      return project.manifest;
    },
    environment: environmentName,
    store,
    platform,
    deployer,
    deploy,
    clock: systemClock,
    redact,
    bus,
    read: () => {
      const fresh = read();
      if (fresh.manifest.project !== app)
        throw new UserError({
          code: "SM-CONFIG-PROJECT",
          message: `the project changed from ${app} to ${fresh.manifest.project}`,
          next: "use another --state directory for another project",
        });
      learnSecrets(fresh.manifest, fresh);
      onDisk = fresh.manifest;
      secretsOnDisk = fresh.secrets;
      return fresh;
    },
    adopt: (next) => {
      project = next;
    },
    serviceUrl,
    resolve,
    variables,
    secretDigest,
    audit: (entry) => appendLedger(store, { ...entry, detail: redactDeep(entry.detail, redact) }),
    close: async () => {
      await platform.close?.();
      await closeStore();
    },
  };
}

/** Names that answers are made of. A "secret" that is one of them, such as a database user called as its service, hides nothing. */
function publicNames({ project, services, stores, environments, checks, notify }: Manifest): string[] {
  return [project, ...[services, stores, environments, checks, notify].flatMap((part) => Object.keys(part))];
}
