/** Says on a terminal that files are looked at, before what looks at them is loaded: a large repository takes seconds. */
export function looking<T>(load: () => Promise<T>): () => Promise<T> {
  return () => {
    if (process.stderr.isTTY && !process.argv.includes("--json")) process.stderr.write("looking at the files…\n");
    return load();
  };
}
