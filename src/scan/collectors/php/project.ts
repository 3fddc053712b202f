import type { Document } from "../../../formats/document.ts";
import { baseOf, extensionOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Evidence } from "../../fact.ts";
import { hasOtherManifest } from "../../other-manifests.ts";

/** What belongs to a PHP unit. */
export interface PhpProject {
  view: View;
  /** `composer.json`; undefined where the code stands alone. */
  manifest: { file: string; document: Document } | undefined;
  isMixed: boolean;
  needs(...names: string[]): Dependency | undefined;
  mentions(...names: string[]): Dependency | undefined;
  /** A path of the unit that exists, as one from the root. */
  file(relative: string): string | undefined;
}

/** The PHP project that a unit is, or undefined. */
export function projectOf(view: View): PhpProject | undefined {
  const { snapshot, unit } = view;
  const file = (relative: string) => {
    const path = joinPath(unit.path, relative) as string;
    return snapshot.has(path) ? path : undefined;
  };
  const composer = file("composer.json");
  const isMixed = hasOtherManifest(view, "php");
  if (composer === undefined && !entries(view).some((path) => baseOf(path) === "index.php")) return undefined;
  const all = dependenciesOf(snapshot, unit.path).filter(({ ecosystem }) => ecosystem === "packagist");
  const find =
    (from: readonly Dependency[]) =>
    (...names: string[]) =>
      from.find(({ name }) => names.includes(name));
  return {
    view,
    manifest: composer === undefined ? undefined : { file: composer, document: snapshot.json(composer) },
    isMixed,
    needs: find(all.filter(({ group }) => group !== "dev")),
    mentions: find(all),
    file,
  };
}

/** Where a package is asked for. */
export function askedAt({ view }: PhpProject, { file, place, name }: Dependency): Evidence {
  return view.seen(file, place(), `package-${name}`);
}

/** PHP files of the application. */
export function entries(view: View): string[] {
  return view.sources.filter((path) => extensionOf(path) === "php");
}
