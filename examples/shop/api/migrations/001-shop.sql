CREATE TABLE users (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email      text NOT NULL UNIQUE,
  password   text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sessions (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  token_hash bytea NOT NULL UNIQUE,
  user_id    integer NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_last_seen ON sessions (last_seen);

CREATE TABLE products (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  description text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents > 0)
);

-- No foreign key to sessions: clearing sessions stays one cheap delete, and what it leaves here are the "orphans".
CREATE TABLE cart_items (
  session_id uuid NOT NULL,
  product_id text NOT NULL REFERENCES products,
  quantity   integer NOT NULL CHECK (quantity BETWEEN 1 AND 99),
  PRIMARY KEY (session_id, product_id)
);

CREATE TABLE orders (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     integer NOT NULL REFERENCES users,
  status      text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'packed', 'shipped')),
  total_cents integer NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_open ON orders (updated_at) WHERE status <> 'shipped';
CREATE INDEX orders_user ON orders (user_id);

CREATE TABLE order_items (
  order_id    integer NOT NULL REFERENCES orders ON DELETE CASCADE,
  product_id  text NOT NULL REFERENCES products,
  quantity    integer NOT NULL,
  price_cents integer NOT NULL,
  PRIMARY KEY (order_id, product_id)
);
