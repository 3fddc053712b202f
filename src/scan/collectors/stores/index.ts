import type { Collector, View } from "../../collector.ts";
import { sitesOf } from "../../declared/reach.ts";
import type { Evidence } from "../../fact.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";
import { holdsAnyAddress } from "../../tables/stores.ts";
import { codeAddresses, sampleAddresses, settingsAddresses } from "./addresses.ts";
import { clientSignals } from "./clients.ts";
import { decideStores, type Verdict } from "./decide.ts";
import { postgresExtensions } from "./extensions.ts";
import { mapperSignals } from "./mappers.ts";
import type { Signal } from "./signal.ts";
import { namesOf, variableOf } from "./variables.ts";

const MOST_EVIDENCE = 8;

/** Databases, caches, queues and object stores: a client and its use. */
export const storesCollector: Collector = {
  id: "stores",
  reads: ["manifests", "code", "schema.prisma", "database.yml", "application.yml", ".env.example"],
  collect(view) {
    const { stores, refused } = storesIn(view);
    const names = stores.length > 0 || refused.length === 0 ? namesOf(view) : [];
    for (const store of stores) {
      const { kind, signals, confidence } = store;
      const extensions = kind === "postgres" ? postgresExtensions(view.snapshot, sitesOf(view)) : [];
      const value = { kind, variable: variableOf(store, names, stores), version: null, extensions };
      const source = signals.some(({ role }) => role === "settings" || role === "dependency") ? "project" : "code";
      view.claimEach("store", kind, value, { source, confidence, at: evidenceOf(view, signals) });
    }
    for (const { message, signals } of refused) view.miss("store", message, evidenceOf(view, signals));
    const address = stores.length === 0 ? names.find(({ name }) => holdsAnyAddress(name)) : undefined;
    if (address)
      view.miss(
        "store",
        `${address.name} is the address of a database, and nothing says of which`,
        view.seen(address.file, 1, "variable"),
      );
  },
};

const verdicts = oncePerSnapshot<Verdict>();
const signals = oncePerSnapshot<readonly Signal[]>();

/** The stores of a unit, decided once for each snapshot. */
export function storesIn(view: View): Verdict {
  const { snapshot, unit } = view;
  const found = () => sitesOf(view).flatMap((site) => signals(snapshot, site.id, () => signalsOf(snapshot, site)));
  return verdicts(snapshot, unit.id, () => decideStores(found()));
}

function signalsOf(snapshot: Snapshot, site: ReturnType<typeof sitesOf>[number]): Signal[] {
  return [
    ...clientSignals(snapshot, site),
    ...mapperSignals(snapshot, site),
    ...codeAddresses(snapshot, site),
    ...settingsAddresses(snapshot, site),
    ...sampleAddresses(snapshot, site),
  ];
}

function evidenceOf(view: View, signals: readonly Signal[]): Evidence[] {
  return signals.slice(0, MOST_EVIDENCE).map(({ file, place, rule }) => view.seen(file, place, rule));
}
