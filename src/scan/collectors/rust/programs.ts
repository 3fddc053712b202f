import { stringAt } from "../../../formats/document.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";
import { deployed, isTool } from "../compiled/program-names.ts";
import { binariesOf, codeOf, manifest, type RustBinary } from "./crates.ts";
import { rustFramework } from "./frameworks.ts";

export interface RustProgram extends RustBinary {
  serves: boolean;
  /** Files that it is made of, and the folders of the crates that they are in. */
  code: { files: string[]; crates: string[] };
}

const SERVES =
  /\b(?:TcpListener|Server|UdpSocket|UnixListener)::bind\b|\bHttpServer::new\b|\bServer::builder\s*\(|\baxum::serve\b|\b(?:lambda_http|lambda_runtime)::run\b/;
const once = oncePerSnapshot<RustProgram[]>();

/** The programs of a crate that are deployed: servers and workers, or the one that `default-run` names. */
export function rustPrograms(snapshot: Snapshot, { folder }: { folder: string }): RustProgram[] {
  return once(snapshot, folder, () => findPrograms(snapshot, folder));
}

function findPrograms(snapshot: Snapshot, folder: string): RustProgram[] {
  const programs = binariesOf(snapshot, folder).map((binary): RustProgram => {
    const code = codeOf(snapshot, folder, binary);
    const serves =
      rustFramework(snapshot, code) !== undefined ||
      code.files.some((file) => SERVES.test(snapshot.code(file)?.bare ?? ""));
    return { ...binary, serves, code };
  });
  const first = stringAt(manifest(snapshot, folder).value, ["package", "default-run"]);
  const chosen = deployed(programs);
  const preferred = programs.find(({ name }) => name === first);
  const running = chosen.some(({ serves }) => serves);
  return preferred && !isTool(preferred.name) && !running ? [preferred] : chosen;
}
