import { folderOf } from "../../../formats/tree.ts";
import { portOf } from "../../command-line.ts";
import { hitsIn } from "../../search.ts";
import { filesLike, roleOf } from "./names.ts";
import type { Platform, Site } from "./platform.ts";

/** What a server of files listens on says little: it may stand in front of something else. */
const WORTH = { source: "convention", confidence: 0.5 } as const;

/** `nginx.conf` and `Caddyfile`, where they serve files and hand nothing on. */
export const webServer: Platform = {
  id: "web-server",
  reads: ["nginx.conf", "Caddyfile"],
  find: (snapshot) => filesLike(snapshot, /^(?:nginx(?:\.\w+)?\.conf|Caddyfile)$/),
  read(site) {
    for (const file of site.files) if (roleOf(file, /^nginx|\.conf$|^Caddyfile/g) === "plain") readFile(site, file);
  },
};

function readFile(site: Site, file: string): void {
  const text = (site.snapshot.text(file) ?? "").replace(/#.*$/gm, (comment) => " ".repeat(comment.length));
  if (/\b(?:proxy_pass|fastcgi_pass|uwsgi_pass|grpc_pass|reverse_proxy|php_fastcgi)\b/.test(text)) return;
  const isCaddy = file.endsWith("Caddyfile");
  if (!(isCaddy ? /\bfile_server\b/ : /\b(?:try_files|root)\b/).test(text)) return;
  const pattern = isCaddy ? /^[^\S\n]*(?:http:\/\/)?:(?:\{\$\w+:)?(\d+)\}?/gm : /\blisten\s+(?:[\d.]+:|\[::\]:)?(\d+)/g;
  const [hit] = hitsIn(text, pattern, file);
  const about = site.about(file, folderOf(file));
  if (hit) about.claim("port", portOf(hit.match[1] ?? ""), { file, at: hit.place, rule: "listen", ...WORTH });
}
