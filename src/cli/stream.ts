/** Of a reader that has seen enough (`stationmaster status | head -1`), and of a terminal that was closed. */
const GONE = ["EPIPE", "EIO"];

/** Output that nobody reads any more ends nothing: the work goes on, and what is still written goes nowhere. */
export function goOnWithoutReader(streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams)
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!GONE.includes(error.code ?? "")) process.exitCode = 1;
    });
}
