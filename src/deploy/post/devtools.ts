/** A browser's debugging connection (Chrome DevTools Protocol). */
export interface DevTools {
  /** Rejects when the browser refuses, or is gone. */
  call(method: string, params?: object, session?: string): Promise<Record<string, unknown>>;
  onEvent(listener: (method: string, params: Record<string, unknown>) => void): void;
  close(): void;
}

interface Answer {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Connects to the address the browser printed. */
export async function connectDevTools(url: string): Promise<DevTools> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const listeners: ((method: string, params: Record<string, unknown>) => void)[] = [];
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, method, params = {}, result = {}, error } = readAnswer(String(data));
    if (id === undefined) for (const listener of listeners) listener(method ?? "", params);
    else if (error) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
  });
  await new Promise<void>((done, fail) => {
    socket.addEventListener("open", () => done(), { once: true });
    socket.addEventListener("error", () => fail(new Error("the browser's debugging connection failed")), {
      once: true,
    });
  });
  socket.addEventListener("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("the browser ended"));
  });
  return {
    call: async (method, params = {}, sessionId) => {
      const id = ++last;
      const answer = Promise.withResolvers<Record<string, unknown>>();
      waiting.set(id, answer);
      socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }));
      return await answer.promise.finally(() => waiting.delete(id));
    },
    onEvent: (listener) => {
      listeners.push(listener);
    },
    close: () => socket.close(),
  };
}

/** What is no message is an empty event: a failure here would end the process. */
function readAnswer(text: string): Answer {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
