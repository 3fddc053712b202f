import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RepositoryView } from "../../../src/contract/repository.ts";
import { get } from "./client.ts";

/** A large repository takes longer than other answers. */
const LOOK_MS = 95_000;
const KEY = ["repository"];

function asked(fresh: boolean) {
  return {
    queryKey: KEY,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      get(fresh ? "/api/repository?fresh=true" : "/api/repository", RepositoryView, signal, LOOK_MS),
    retry: false,
  };
}

/** What lies in the repository; `lookAgain` does not take what was seen within the last minute. */
export function useRepository() {
  const client = useQueryClient();
  const query = useQuery(asked(false));
  // A failure is shown by the query.
  const lookAgain = () => void client.fetchQuery(asked(true)).catch(() => {});
  return { query, lookAgain };
}
