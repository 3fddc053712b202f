import { CONFIDENCE, type Evidence, type Source } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { entries, type PhpProject } from "./project.ts";

/** How it is started, and where it then listens. */
export interface Serving {
  command: string;
  confidence: number;
  at: Evidence[];
  port: { value: number; source: Source; at: Evidence[] };
}

/** Calls that make a server which stays, with the port where it is written there; `needs` is what the file has to have. */
const SERVERS: readonly { pattern: RegExp; needs: RegExp }[] = [
  {
    needs: /swoole/i,
    pattern:
      /\bnew\s+\\?(?:(?:Open)?Swoole\\(?:(?:Http|WebSocket|Coroutine\\Http)\\)?Server|swoole_\w*server|(?:Http|WebSocket)?Server)\s*\(\s*[^,()]+,\s*(\d{2,5})?/gi,
  },
  { needs: /Workerman/, pattern: /\bnew\s+\\?(?:Workerman\\)?Worker\s*\(\s*["'](?:\w+):\/\/[^"':]*:(\d{2,5})["']/g },
  {
    needs: /React\\|Ratchet\\/,
    pattern: /\bnew\s+\\?(?:[\w\\]+\\)?(?:Socket)?Server\s*\(\s*["'](?:[^"':]*:)?(\d{2,5})["']/g,
  },
  { needs: /Ratchet\\/, pattern: /\bIoServer::factory\s*\([^;]*?,\s*(\d{2,5})\s*[,)]/g },
  { needs: /Amp\\Http\\Server/, pattern: /->\s*expose\s*\([^;]*?["'][^"']*:(\d{2,5})["']/g },
];
/** Where a server listens that the code does not tell. */
const PORT = 8080;

/** A program of PHP that takes requests itself: Swoole, Workerman, ReactPHP, Amp. */
export function ownServer(project: PhpProject): Serving | undefined {
  const { view } = project;
  const files = entries(view).toSorted((a, b) => a.split("/").length - b.split("/").length);
  for (const { pattern, needs } of SERVERS) {
    const written = files.filter((file) => needs.test(view.snapshot.text(file) ?? ""));
    const [hit] = searchCode(view, pattern, { files: written });
    if (!hit) continue;
    const at = [view.seen(hit.file, hit.place, "server")];
    const file = view.unit.path === "." ? hit.file : hit.file.slice(view.unit.path.length + 1);
    const told = hit.match[1] === undefined ? undefined : Number(hit.match[1]);
    return {
      command: `php ${file}`,
      confidence: CONFIDENCE.convention,
      at,
      port: { value: told ?? PORT, source: told === undefined ? "default" : "code", at },
    };
  }
  return undefined;
}
