import type { Collector } from "../../collector.ts";
import { claimGemSite } from "./gems.ts";
import { claimGenerator } from "./generator.ts";
import { claimJekyll } from "./jekyll.ts";
import { claimPages } from "./pages.ts";

/** Sites that are folders of files: written by hand, or made by a generator. */
export const staticCollector: Collector = {
  id: "static",
  reads: ["index.html", "hugo.toml", "config.toml", "_config.yml", "mkdocs.yml", "book.toml"],
  collect(view) {
    if (!claimGenerator(view) && !claimJekyll(view) && !claimGemSite(view)) claimPages(view);
  },
};
