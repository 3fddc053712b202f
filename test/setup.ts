import { startTestServer } from "../src/store/testing.ts";

/** One PostgreSQL server for the whole run; each test file takes a database of its own. */
export async function setup(): Promise<() => Promise<void>> {
  const { server, stop } = await startTestServer();
  process.env.TEST_STORE_URL = server.url();
  return stop;
}
