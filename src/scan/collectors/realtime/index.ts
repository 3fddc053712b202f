import type { Collector } from "../../collector.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";
import { signsIn } from "../../signs.ts";
import { PACKAGES, SIGNS, STREAMS } from "./table.ts";

/** Connections that stay open: a release cuts them, and not every platform lets them live. */
export const realtimeCollector: Collector = {
  id: "realtime",
  reads: ["application code", "composer.json", "Gemfile"],
  collect(view) {
    const [sign] = [...signsIn(view, SIGNS), ...signsIn(view, STREAMS)];
    if (sign) {
      const { value: library, confidence } = sign.sign;
      const at = view.seen(sign.hit.file, sign.hit.place, library === "sse" ? "stream" : "socket");
      view.claim("websocket", { library }, { source: "code", at, ...(confidence === undefined ? {} : { confidence }) });
      return;
    }
    const all = dependenciesOf(view.snapshot, view.unit.path);
    for (const { ecosystem, name, library } of PACKAGES) {
      const found = findDependency(all, ecosystem, name);
      if (found?.group !== "prod") continue;
      const at = view.seen(found.file, found.place(), "package");
      return view.claim("websocket", { library }, { source: "project", confidence: 0.8, at });
    }
  },
};
