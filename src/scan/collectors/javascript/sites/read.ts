import { angularSite } from "./angular.ts";
import { astroSite } from "./astro.ts";
import { bundledSite, viteSite } from "./bundlers.ts";
import { docusaurusSite, eleventySite, fixedSite, hexoSite, pressSite } from "./generators.ts";
import { nextSite } from "./next.ts";
import { nuxtSite } from "./nuxt.ts";
import { qwikSite, reactRouterSite, remixSite, solidSite, tanstackSite } from "./routers.ts";
import { type Framed, type Site, type SiteReader, usual } from "./site.ts";
import { sveltekitSite } from "./sveltekit.ts";

const READERS: Readonly<Record<string, SiteReader>> = {
  next: nextSite,
  blitz: nextSite,
  nuxt: nuxtSite,
  astro: astroSite,
  sveltekit: sveltekitSite,
  angular: angularSite,
  remix: remixSite,
  "react-router": reactRouterSite,
  "tanstack-start": tanstackSite,
  solidstart: solidSite,
  qwik: qwikSite,
  docusaurus: docusaurusSite,
  vitepress: pressSite,
  vuepress: pressSite,
  eleventy: eleventySite,
  hexo: hexoSite,
  vite: viteSite,
};

/** What a framework makes of the package, by its configuration and its documentation. */
export function readSite(framed: Framed): Site {
  const { row } = framed;
  const reader = READERS[row.id];
  if (reader) return reader(framed);
  if (row.kind === "static") return fixedSite(framed);
  if (row.role === "client") return bundledSite(framed);
  return {
    kind: row.kind,
    ...(row.kind === "ssr" ? { render: usual(framed, "server" as const) } : {}),
    ...(row.start ? { start: usual(framed, row.start) } : {}),
    ...(row.port ? { port: usual(framed, row.port) } : {}),
  };
}
