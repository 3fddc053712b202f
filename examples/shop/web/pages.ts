import type { Cart, Order, Product } from "./api.ts";
import { type Html, html } from "./html.ts";

/** What every page shows around its content. */
export interface Frame {
  release: string;
  signedIn: boolean;
}

export function layout({ release, signedIn }: Frame, title: string, content: Html): string {
  const account = signedIn
    ? html`<a href="/cart">Cart</a> <a href="/orders">Orders</a> <form method="post" action="/logout"><button class="link">Sign out</button></form>`
    : html`<a href="/login">Sign in</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Platform Nine Shop</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a class="brand" href="/">Platform Nine Shop</a><nav>${account}</nav></header>
<main><h1>${title}</h1>${content}</main>
<footer>release ${release}</footer>
</body>
</html>
`.html;
}

export function productList(products: readonly Product[]): Html {
  const cards = products.map(
    (product) => html`<li><a href="/products/${encodeURIComponent(product.id)}"><strong>${product.name}</strong></a>
<p>${product.description}</p><span class="price">${money(product.priceCents)}</span></li>\n`,
  );
  return html`<ul class="cards">${cards}</ul>`;
}

export function productPage(product: Product): Html {
  return html`<p>${product.description}</p><p class="price">${money(product.priceCents)}</p>
<form method="post" action="/cart">
<input type="hidden" name="product" value="${product.id}">
<label>Quantity <input name="quantity" type="number" min="1" max="99" value="1" required></label>
<button>Add to cart</button>
</form>`;
}

export function loginPage(hint: string | undefined, problem?: string): Html {
  return html`${problem ? html`<p role="alert" class="problem">${problem}</p>` : undefined}
<form method="post" action="/login" class="stacked">
<label>Email <input name="email" type="email" autocomplete="username" required maxlength="254"></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="200"></label>
<button>Sign in</button>
</form>
${hint ? html`<p class="hint">Demo account: ${hint}</p>` : undefined}`;
}

export function cartPage(cart: Cart): Html {
  if (cart.items.length === 0) return html`<p>The cart is empty. <a href="/">Look around</a></p>`;
  const rows = cart.items.map(
    (item) => html`<tr><td>${item.name}</td><td>${item.quantity}</td><td>${money(item.priceCents * item.quantity)}</td>
<td><form method="post" action="/cart/remove"><input type="hidden" name="product" value="${item.productId}"><button class="link">Remove</button></form></td></tr>\n`,
  );
  return html`<table><thead><tr><th>Item</th><th>Quantity</th><th>Price</th><th></th></tr></thead><tbody>${rows}</tbody>
<tfoot><tr><td>Total</td><td></td><td>${money(cart.totalCents)}</td><td></td></tr></tfoot></table>
<form method="post" action="/orders"><button>Place order</button></form>`;
}

export function ordersPage(orders: readonly Order[]): Html {
  if (orders.length === 0) return html`<p>No orders yet.</p>`;
  const rows = orders.map(
    (order) =>
      html`<tr><td>#${order.id}</td><td>${order.createdAt.slice(0, 16).replace("T", " ")} UTC</td><td>${order.status}</td><td>${money(order.totalCents)}</td></tr>\n`,
  );
  return html`<table><thead><tr><th>Order</th><th>Placed</th><th>State</th><th>Total</th></tr></thead><tbody>${rows}</tbody></table>`;
}

export function message(text: string): Html {
  return html`<p>${text}</p><p><a href="/">Back to the shop</a></p>`;
}

function money(cents: number): string {
  return `€ ${(cents / 100).toFixed(2)}`;
}
