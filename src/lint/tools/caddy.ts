import { baseOf, folderOf } from "../../formats/tree.ts";
import { type Tool, wordsOf } from "./tool.ts";

/** `caddy validate`. */
export const caddy: Tool = {
  id: "caddy",
  program: "caddy",
  targets: ({ tree }) =>
    tree.paths
      .filter((path) => /^Caddyfile(?:\.[\w-]+)?$/.test(baseOf(path)))
      .map((path) => ({
        path,
        argv: ["validate", "--adapter", "caddyfile", "--config", baseOf(path)],
        cwd: folderOf(path),
        read: (result) => {
          if (result.code === 0) return [];
          const message = /Error: (.*)/.exec(result.stderr)?.[1] ?? wordsOf(result);
          return [{ file: path, line: Number(/Caddyfile[\w.-]*:(\d+)/.exec(message)?.[1] ?? 1), column: 1, message }];
        },
      })),
};
