-- Jobs that call us: one row a check with its token; and when nobody was there to be called.
CREATE TABLE heartbeat (
  check_id text PRIMARY KEY,
  token text NOT NULL,
  -- SHA-256 of the token in hex: a search by it takes no shorter for a guess that is nearly right.
  digest text NOT NULL UNIQUE,
  expected_since timestamptz NOT NULL,
  started_at timestamptz,
  ok_at timestamptz,
  failed_at timestamptz
);
--> statement-breakpoint
CREATE TABLE receiver (
  environment text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE receiver_gap (
  environment text NOT NULL,
  down_from timestamptz NOT NULL,
  down_until timestamptz NOT NULL,
  PRIMARY KEY (environment, down_until)
);
