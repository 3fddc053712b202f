import { readFileSync } from "node:fs";
import { type Api, ApiRefusal, type Cart, type Order, type Product } from "./api.ts";
import { cartPage, loginPage, type message, ordersPage, productList, productPage } from "./pages.ts";

/** One request as a page handler sees it. */
export interface Visit {
  api: Api;
  /** Token of the signed-in visitor. */
  token: string | undefined;
  form: URLSearchParams;
  /** The last segment of `/products/:id`, decoded. */
  id: string;
  demoLogin: string | undefined;
}

export type Page =
  | { title: string; content: ReturnType<typeof message>; status?: number }
  | { redirect: string; token?: string | null }
  | { css: string };

const STYLE = readFileSync(new URL("./style.css", import.meta.url), "utf8");

/** `METHOD /path` → page. POST answers are redirects, so that a reload never repeats them. */
export const PAGES: Record<string, (visit: Visit) => Page | Promise<Page>> = {
  "GET /style.css": () => ({ css: STYLE }),
  "GET /": async ({ api }) => {
    const { products } = await api<{ products: Product[] }>("GET", "/products");
    return { title: "Everything for the platform", content: productList(products) };
  },
  "GET /products/:id": async ({ api, id }) => {
    const product = await api<Product>("GET", `/products/${encodeURIComponent(id)}`);
    return { title: product.name, content: productPage(product) };
  },
  "GET /login": ({ demoLogin }) => ({ title: "Sign in", content: loginPage(demoLogin) }),
  "POST /login": signIn,
  "POST /logout": async ({ api, token }) => {
    if (token) await api("POST", "/auth/logout", { token }).catch(ignoreRefusal);
    return { redirect: "/", token: null };
  },
  "GET /cart": async ({ api, token }) => ({
    title: "Cart",
    content: cartPage(await api<Cart>("GET", "/cart", { token })),
  }),
  "POST /cart": async ({ api, token, form }) => {
    const product = encodeURIComponent(form.get("product") ?? "");
    await api("PUT", `/cart/items/${product}`, { token, json: { quantity: Number(form.get("quantity")) } });
    return { redirect: "/cart" };
  },
  "POST /cart/remove": async ({ api, token, form }) => {
    await api("DELETE", `/cart/items/${encodeURIComponent(form.get("product") ?? "")}`, { token });
    return { redirect: "/cart" };
  },
  "GET /orders": async ({ api, token }) => {
    const { orders } = await api<{ orders: Order[] }>("GET", "/orders", { token });
    return { title: "Orders", content: ordersPage(orders) };
  },
  "POST /orders": async ({ api, token }) => {
    await api("POST", "/orders", { token });
    return { redirect: "/orders" };
  },
};

async function signIn({ api, form, demoLogin }: Visit): Promise<Page> {
  try {
    const { token } = await api<{ token: string }>("POST", "/auth/login", {
      json: { email: form.get("email"), password: form.get("password") },
    });
    return { redirect: "/", token };
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    return { title: "Sign in", content: loginPage(demoLogin, "Email or password is wrong."), status: 401 };
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ApiRefusal)) throw error;
}
