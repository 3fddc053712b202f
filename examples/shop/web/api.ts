const DEADLINE_MS = 3_000;

export interface Product {
  id: string;
  name: string;
  description: string;
  priceCents: number;
}

export interface Cart {
  items: { productId: string; name: string; priceCents: number; quantity: number }[];
  totalCents: number;
}

export interface Order {
  id: number;
  status: "new" | "packed" | "shipped";
  totalCents: number;
  createdAt: string;
}

/** The api answered, and the answer is a refusal (4xx). */
export class ApiRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The api is down, too slow, or answers 5xx. */
export class ApiDown extends Error {}

/** Asks the api; `token` signs the request in. Throws `ApiRefusal` or `ApiDown`. */
export type Api = <T>(
  method: string,
  path: string,
  options?: { token?: string | undefined; json?: unknown },
) => Promise<T>;

export function connectApi(baseUrl: string): Api {
  return async <T>(method: string, path: string, { token, json }: Parameters<Api>[2] = {}): Promise<T> => {
    const headers = new Headers({ accept: "application/json" });
    if (token) headers.set("authorization", `Bearer ${token}`);
    if (json !== undefined) headers.set("content-type", "application/json");
    const body = json === undefined ? null : JSON.stringify(json);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      const response = await fetch(baseUrl.replace(/\/$/, "") + path, { method, headers, body, signal });
      const answer: unknown = await response.json();
      if (response.ok) return answer as T;
      if (response.status < 500) throw new ApiRefusal(response.status, refusal(answer));
      throw new ApiDown(`${method} ${path} answered ${response.status}`);
    } catch (error) {
      if (error instanceof ApiRefusal || error instanceof ApiDown) throw error;
      throw new ApiDown(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  };
}

function refusal(answer: unknown): string {
  const { error } = (answer ?? {}) as { error?: { message?: string } };
  return error?.message ?? "refused";
}
