/** A path of the repository as it is typed in one of its folders: `../../gradlew`. */
export function relativePath(folder: string, path: string): string {
  const up = parts(folder);
  const down = parts(path);
  while (up.length > 0 && up[0] === down[0]) {
    up.shift();
    down.shift();
  }
  return [...up.map(() => ".."), ...down].join("/") || ".";
}

function parts(path: string): string[] {
  return path === "." ? [] : path.split("/");
}
