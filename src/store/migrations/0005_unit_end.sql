-- What is left of a unit once it is gone: how it ended, and the last lines it wrote.
CREATE TABLE unit_end (
  unit_id text PRIMARY KEY REFERENCES unit (id),
  exit jsonb,
  lines jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE INDEX unit_end_at ON unit_end (at);
