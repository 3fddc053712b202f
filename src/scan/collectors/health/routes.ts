import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { dotnet } from "./dotnet.ts";
import { elixir } from "./elixir.ts";
import { fileRoutes } from "./file-routes.ts";
import { go } from "./go.ts";
import { javascript } from "./javascript.ts";
import { jvm } from "./jvm.ts";
import { others, plainCode } from "./others.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";
import { type Composed, compose, nothing, type Registered } from "./route.ts";
import { ruby } from "./ruby.ts";
import { rust } from "./rust.ts";
import { constantsOf, type Extractor } from "./site.ts";

const EXTRACTORS: readonly Extractor[] = [javascript, python, ruby, php, jvm, go, rust, dotnet, elixir, others];
/** The first extractor that names an extension reads it. */
const BY_EXTENSION = new Map<string, Extractor>(
  EXTRACTORS.toReversed().flatMap((one) => one.extensions.map((ending) => [ending, one] as const)),
);

const known = new WeakMap<readonly string[], readonly Composed[]>();

/** The paths that the code of a unit answers on with GET; read once for each unit. */
export function routesOf(view: View): readonly Composed[] {
  const found = known.get(view.sources) ?? compose(registeredIn(view));
  known.set(view.sources, found);
  return found;
}

function registeredIn(view: View): Registered {
  const into = nothing();
  const constant = constantsOf(view);
  for (const file of view.sources) {
    const extractor = BY_EXTENSION.get(extensionOf(file));
    const text = extractor && view.snapshot.text(file);
    if (!text || !extractor.looksLike.test(text)) continue;
    const masked = view.snapshot.code(file);
    const plain = masked ? undefined : plainCode(text);
    const before = into.routes.length;
    extractor.extract(
      { view, file, code: masked?.code ?? plain ?? "", bare: masked?.bare ?? plain ?? "", constant },
      into,
    );
    // What stands in a string is code of another program.
    if (masked) into.routes.push(...into.routes.splice(before).filter(({ at }) => masked.bare[at] === masked.code[at]));
  }
  fileRoutes(view, into);
  return into;
}
