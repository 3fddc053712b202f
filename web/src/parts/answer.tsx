import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { FailureNote } from "./failure-note.tsx";
import { Heading } from "./heading.tsx";

interface Props<T> {
  query: UseQueryResult<T>;
  /** Heading for as long as there is no data; for answers that fill a page and bring their own heading. */
  title?: string;
  children: (data: T) => ReactNode;
}

/** Shows the data of a query, old data while the server is away, and a note while there is none at all. */
export function Answer<T>({ query, title, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  return (
    <>
      {title && <Heading title={title} />}
      {query.error ? (
        <FailureNote error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <p className="loading" role="status">
          Loading…
        </p>
      )}
    </>
  );
}
