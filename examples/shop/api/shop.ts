import type { Database } from "./database.ts";
import { HttpError, type Route, readJson } from "./http.ts";
import { integerField } from "./input.ts";
import { requireSession } from "./sessions.ts";

const PRODUCT = `id, name, description, price_cents AS "priceCents"`;
const ORDER = `id, status, total_cents AS "totalCents", created_at AS "createdAt", updated_at AS "updatedAt"`;

interface CartLine {
  productId: string;
  name: string;
  priceCents: number;
  quantity: number;
}

/** Products, the cart of a session, and orders. */
export function shopRoutes(database: Database): Route[] {
  const { query } = database;
  return [
    {
      method: "GET",
      path: "/products",
      handle: async () => ({
        status: 200,
        json: { products: await query(`SELECT ${PRODUCT} FROM products ORDER BY name`) },
      }),
    },
    {
      method: "GET",
      path: "/products/:id",
      handle: async ({ params }) => ({
        status: 200,
        json: await one(query(`SELECT ${PRODUCT} FROM products WHERE id = $1`, [params.id]), "product"),
      }),
    },
    {
      method: "GET",
      path: "/cart",
      handle: async ({ request }) => ({
        status: 200,
        json: await readCart(database, (await requireSession(database, request)).id),
      }),
    },
    {
      method: "PUT",
      path: "/cart/items/:id",
      handle: async ({ request, params }) => {
        const session = await requireSession(database, request);
        const quantity = integerField(await readJson(request), "quantity", 1, 99);
        await one(query("SELECT id FROM products WHERE id = $1", [params.id]), "product");
        await query(
          `INSERT INTO cart_items (session_id, product_id, quantity) VALUES ($1, $2, $3)
           ON CONFLICT (session_id, product_id) DO UPDATE SET quantity = excluded.quantity`,
          [session.id, params.id, quantity],
        );
        return { status: 200, json: await readCart(database, session.id) };
      },
    },
    {
      method: "DELETE",
      path: "/cart/items/:id",
      handle: async ({ request, params }) => {
        const session = await requireSession(database, request);
        await query("DELETE FROM cart_items WHERE session_id = $1 AND product_id = $2", [session.id, params.id]);
        return { status: 200, json: await readCart(database, session.id) };
      },
    },
    {
      method: "POST",
      path: "/orders",
      handle: async ({ request }) => {
        const session = await requireSession(database, request);
        return { status: 201, json: await placeOrder(database, session.id, session.userId) };
      },
    },
    {
      method: "GET",
      path: "/orders",
      handle: async ({ request }) => {
        const { userId } = await requireSession(database, request);
        return {
          status: 200,
          json: {
            orders: await query(`SELECT ${ORDER} FROM orders WHERE user_id = $1 ORDER BY id DESC LIMIT 50`, [userId]),
          },
        };
      },
    },
    {
      method: "GET",
      path: "/orders/:id",
      handle: async ({ request, params }) => {
        const { userId } = await requireSession(database, request);
        const id = /^\d{1,9}$/.test(params.id ?? "") ? Number(params.id) : 0;
        return {
          status: 200,
          json: await one(query(`SELECT ${ORDER} FROM orders WHERE id = $1 AND user_id = $2`, [id, userId]), "order"),
        };
      },
    },
  ];
}

async function readCart(database: Database, sessionId: string) {
  const items = await database.query<CartLine & { quantity: number }>(
    `SELECT product_id AS "productId", name, price_cents AS "priceCents", quantity
     FROM cart_items JOIN products ON products.id = product_id WHERE session_id = $1 ORDER BY name`,
    [sessionId],
  );
  return { items, totalCents: total(items) };
}

/** Turns the cart into an order in one transaction; an empty cart is 409. The delete locks the lines, so two clicks make one order. */
function placeOrder(database: Database, sessionId: string, userId: number) {
  return database.transaction(async (query) => {
    const lines = await query<CartLine>(
      `DELETE FROM cart_items USING products WHERE session_id = $1 AND products.id = product_id
       RETURNING product_id AS "productId", name, price_cents AS "priceCents", quantity`,
      [sessionId],
    );
    if (lines.length === 0) throw new HttpError(409, "cart-empty", "the cart is empty");
    const order = await one(
      query(`INSERT INTO orders (user_id, total_cents) VALUES ($1, $2) RETURNING ${ORDER}`, [userId, total(lines)]),
      "order",
    );
    for (const line of lines)
      await query("INSERT INTO order_items (order_id, product_id, quantity, price_cents) VALUES ($1, $2, $3, $4)", [
        order.id,
        line.productId,
        line.quantity,
        line.priceCents,
      ]);
    return order;
  });
}

function total(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.priceCents * line.quantity, 0);
}

async function one<Row>(rows: Promise<Row[]>, what: string): Promise<Row> {
  const [row] = await rows;
  if (!row) throw new HttpError(404, "not-found", `there is no such ${what}`);
  return row;
}
