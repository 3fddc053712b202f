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
    const path = `/api/services/${encodeURIComponent(service)}/logs?follow=true&lines=${BACKLOG}`;
    let number = 0;
    let shown: NumberedLine[] = [];
    let frame = 0;
    const show = (next: readonly LogLine[]) => {
      const fresh = next.map((line) => ({ ...line, number: number++ }));
      shown = [...shown, ...fresh].slice(-KEEP);
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setLines(shown);
      });
    };
    // Each stream begins with the last lines.
    const onOpen = () => {
      shown = [];
      setLive(true);
    };
    const onData = (data: string) => {
      const line = readLine(data);
      if (line) show([line]);
    };
    const onLost = () => setLive(false);
    void follow(path, { onOpen, onData, onLost }, leaving.signal);
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
