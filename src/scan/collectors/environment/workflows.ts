import { isRecord } from "../../../formats/document.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A name that a workflow of CI sets or takes. */
export interface Mentioned {
  name: string;
  file: string;
  line: number;
}

const SECRET = /\$\{\{[^}]*\b(?:secrets|vars)\.([A-Za-z_]\w*)/g;

/** Names in `env:` and of secrets in the workflows of a repository: they may be of the application, or of CI alone. */
export function mentionedInWorkflows(snapshot: Snapshot, files: readonly string[]): Mentioned[] {
  return files.flatMap((file) => {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(file)) return [];
    const document = snapshot.yaml(file);
    const inEnv = envKeys(document.value, []).map(({ name, path }) => ({
      name,
      file,
      line: document.place(path)?.line ?? 1,
    }));
    const lines = (snapshot.text(file) ?? "").split("\n");
    const secrets = lines.flatMap((text, index) =>
      [...text.matchAll(SECRET)].map(([, name = ""]) => ({ name, file, line: index + 1 })),
    );
    return [...inEnv, ...secrets].filter(({ name }) => name !== "GITHUB_TOKEN");
  });
}

function envKeys(value: unknown, path: readonly (string | number)[]): { name: string; path: (string | number)[] }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => envKeys(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key];
    if (key !== "env" || !isRecord(inner)) return envKeys(inner, here);
    return Object.keys(inner).map((name) => ({ name, path: [...here, name] }));
  });
}
