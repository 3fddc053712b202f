import { Feed } from "feed";
import type { StatusPage } from "../../contract/status-page.ts";
import { escapeHtml } from "./escape.ts";

/** Stands for the page where the manifest names no address: identifiers and links of a feed must be absolute. */
const NAMELESS = "urn:stationmaster:status";

/** The incidents as an Atom feed with an entry for each update, since readers show an entry once. `file` is its name beside the page. */
export function renderAtom({ title, url, incidents, generatedAt }: StatusPage, file: string): string {
  const page = url ?? NAMELESS;
  const times = incidents.flatMap(({ updates }) => updates.map(({ at }) => Date.parse(at)));
  const feed = new Feed({
    ...{ id: page, link: page, title, generator: "Stationmaster" },
    ...(url === null ? {} : { feed: new URL(file, url).href }),
    updated: new Date(times.length === 0 ? generatedAt : Math.max(...times)),
  });
  for (const incident of incidents)
    for (const { at, text } of incident.updates)
      feed.addItem({
        id: `${page}#${incident.id}-${Date.parse(at)}`,
        link: `${page}#${incident.id}`,
        // Both are HTML in the feed.
        title: escapeHtml(incident.title),
        description: escapeHtml(text),
        date: new Date(at),
        author: [{ name: title }],
      });
  return feed.atom1();
}
