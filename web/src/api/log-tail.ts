import { useEffect, useState } from "react";
import { LogLine } from "../../../src/contract/requests.ts";
import { follow } from "./follow.ts";

const KEEP = 1_000;
const BACKLOG = 200;

export interface NumberedLine extends LogLine {
  number: number;
}

/** The last lines of a service's log and every new one, at most 1,000; nothing is asked while `paused`. */
export function useLogTail(service: string, paused: boolean): { lines: NumberedLine[]; live: boolean } {
  const [lines, setLines] = useState<NumberedLine[]>([]);
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (paused) return;
    const leaving = new AbortController();
    let number = 0;
    let waiting: NumberedLine[] = [];
    let frame = 0;
    const show = () => {
      frame = 0;
      const fresh = waiting;
      waiting = [];
      setLines((known) => [...known, ...fresh].slice(-KEEP));
    };
    const onOpen = () => {
      // Each connection begins with the backlog, so what an earlier one brought would appear twice.
      setLines([]);
      setLive(true);
    };
    const onData = (data: string) => {
      const line = readLine(data);
      if (!line) return;
      number += 1;
      waiting.push({ ...line, number });
      frame ||= requestAnimationFrame(show);
    };
    const path = `/api/services/${encodeURIComponent(service)}/logs?follow=true&lines=${BACKLOG}`;
    void follow(path, { onOpen, onData, onLost: () => setLive(false) }, leaving.signal);
    return () => {
      leaving.abort();
      cancelAnimationFrame(frame);
      setLive(false);
    };
  }, [service, paused]);
  return { lines, live };
}

function readLine(data: string): LogLine | undefined {
  try {
    return LogLine.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
