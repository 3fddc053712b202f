import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { NOTE } from "../../../note.ts";
import { apkAdd, copy, HOME, listens, run, workdir } from "../parts.ts";
import type { Site } from "../recipe.ts";

/** Caddy in front of the built page; its configuration lies beside the Dockerfile. */
export function pageServer(site: Site, output: string, from = "--from=build "): Stage | undefined {
  const image = site.image("caddy");
  if (image === undefined) return undefined;
  return {
    image,
    instructions: [
      // The image gives the program the right to open low ports; under no-new-privileges it would not start with it.
      run(
        "setcap -r /usr/bin/caddy",
        "The program opens no low port, and with a capability it does not start without privileges.",
      ),
      workdir("/srv"),
      copy(`${site.inService("Caddyfile")} /etc/caddy/Caddyfile`),
      copy(`${from}${output} /srv`),
      ...listens(site.service),
      { keyword: "USER", value: "10001:10001" },
      { keyword: "CMD", value: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"] },
    ],
  };
}

/** Generators that are packages of Alpine, with what they call. */
const PACKAGED: Record<string, (site: Site) => string[]> = {
  // Modules are fetched with Go and git; git also tells when a page was changed.
  hugo: (site) => ["git", "hugo", ...(site.has(site.inService("go.mod")) ? ["go"] : [])],
  zola: () => ["zola"],
};

/** Pages as they lie in the repository, or made by a generator whose program an image has. */
export function staticRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const packages = PACKAGED[service.framework ?? ""];
  const generator =
    service.build === null ? undefined : (site.image(service.framework ?? "") ?? (packages && site.image("alpine")));
  if (service.build !== null && generator === undefined) {
    site.notes.push(
      `no image is known that has ${service.framework ?? "the generator"} for the pages of ${service.name}`,
    );
    return undefined;
  }
  const server = pageServer(
    site,
    generator ? `${HOME}/${site.inService(service.output ?? "public")}` : site.inService(service.output ?? "."),
    generator ? undefined : "",
  );
  if (!server) return undefined;
  if (!generator) return [server];
  return [
    {
      image: generator,
      name: "build",
      instructions: [
        workdir(HOME),
        ...(site.image(service.framework ?? "") ? [] : apkAdd(packages?.(site) ?? [])),
        copy(". ."),
        run(service.build ?? ""),
      ],
    },
    server,
  ];
}

/** The configuration of the page server: a port from outside, compressed answers, nothing written, no certificates of its own. */
export function caddyfile({ service: { spa, port } }: Site): string {
  const routes = spa
    ? ["\ttry_files {path} /index.html"]
    : [
        "\ttry_files {path} {path}.html {path}/index.html =404",
        "\thandle_errors {",
        "\t\t@missing file /404.html",
        "\t\trewrite @missing /404.html",
        "\t\tfile_server",
        "\t}",
      ];
  return [
    `# ${NOTE}`,
    "{",
    "\tadmin off",
    "\tpersist_config off",
    "\tauto_https off",
    "}",
    "",
    `:{$PORT:${port ?? 8080}} {`,
    "\troot * /srv",
    "\tencode zstd gzip",
    "\theader {",
    "\t\tX-Content-Type-Options nosniff",
    "\t\tReferrer-Policy strict-origin-when-cross-origin",
    "\t\t-Server",
    "\t}",
    // Their names hold a hash of what is in them: other files of the same folders would be kept too long.
    "\t@hashed path_regexp ^(/_astro/|/_next/static/|/_nuxt/|/_app/immutable/)|(^/assets/.*-[0-9A-Za-z_-]{8}|\\.[0-9a-f]{8,})\\.(js|css|woff2?|png|jpe?g|svg|webp|avif)$",
    '\theader @hashed Cache-Control "public, max-age=31536000, immutable"',
    ...routes,
    "\tfile_server {",
    "\t\thide Caddyfile Dockerfile .git .env",
    "\t}",
    "}",
    "",
  ].join("\n");
}
