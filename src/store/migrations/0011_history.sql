-- Roll-ups of the minute buckets, single results around trouble, and checks that are computed instead of run.
ALTER TABLE check_state ADD COLUMN synthetic boolean NOT NULL DEFAULT false;
--> statement-breakpoint
ALTER TABLE bucket_minute ADD COLUMN maintenance integer NOT NULL DEFAULT 0, ADD COLUMN blips integer NOT NULL DEFAULT 0;
--> statement-breakpoint
CREATE INDEX bucket_minute_failed ON bucket_minute (minute) WHERE fail > 0;
--> statement-breakpoint
CREATE TABLE bucket_hour (
  check_id text NOT NULL,
  at timestamptz NOT NULL,
  ok bigint NOT NULL,
  slow bigint NOT NULL,
  fail bigint NOT NULL,
  unknown bigint NOT NULL,
  skipped bigint NOT NULL,
  maintenance bigint NOT NULL,
  blips bigint NOT NULL,
  least_ms double precision,
  most_ms double precision,
  sum_ms double precision NOT NULL,
  histogram jsonb NOT NULL,
  PRIMARY KEY (check_id, at)
);
--> statement-breakpoint
CREATE INDEX bucket_hour_age ON bucket_hour (at);
--> statement-breakpoint
CREATE TABLE bucket_day (LIKE bucket_hour INCLUDING ALL);
--> statement-breakpoint
-- Up to when the finer buckets are rolled up into these.
CREATE TABLE bucket_mark (
  step text PRIMARY KEY CHECK (step IN ('hour', 'day')),
  until timestamptz NOT NULL
);
--> statement-breakpoint
-- Results that were not ok, and the runs around each change of a verdict.
CREATE TABLE result_raw (
  check_id text NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('scheduled', 'confirmation')),
  outcome text NOT NULL CHECK (outcome IN ('ok', 'slow', 'fail', 'unknown')),
  class text,
  detail text,
  duration_ms double precision NOT NULL,
  phases jsonb,
  facts jsonb,
  PRIMARY KEY (check_id, at)
);
--> statement-breakpoint
CREATE INDEX result_raw_age ON result_raw (at);
