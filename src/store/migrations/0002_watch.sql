-- Checks: state that survives a restart, minute buckets, and every change of a verdict.
CREATE TABLE check_state (
  check_id text PRIMARY KEY,
  environment text NOT NULL,
  service text,
  verdict text NOT NULL CHECK (verdict IN ('UP', 'SUSPECT', 'DOWN', 'DEGRADED', 'INTERMITTENT', 'UNKNOWN')),
  since timestamptz,
  onset timestamptz,
  failure jsonb,
  outcomes jsonb NOT NULL DEFAULT '[]',
  scored integer NOT NULL DEFAULT 0,
  delivered bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
CREATE TABLE bucket_minute (
  check_id text NOT NULL,
  minute timestamptz NOT NULL,
  epoch bigint NOT NULL,
  ok integer NOT NULL,
  slow integer NOT NULL,
  fail integer NOT NULL,
  unknown integer NOT NULL,
  skipped integer NOT NULL,
  least_ms double precision,
  most_ms double precision,
  sum_ms double precision NOT NULL,
  histogram jsonb NOT NULL,
  PRIMARY KEY (check_id, minute, epoch)
);
--> statement-breakpoint
CREATE INDEX bucket_minute_age ON bucket_minute (minute);
--> statement-breakpoint
CREATE TABLE verdict_event (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  check_id text NOT NULL,
  environment text NOT NULL,
  service text,
  component text NOT NULL,
  critical boolean NOT NULL,
  every_ms double precision NOT NULL,
  from_verdict text NOT NULL,
  to_verdict text NOT NULL,
  class text,
  family text,
  detail text,
  at timestamptz NOT NULL,
  onset timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
CREATE INDEX verdict_event_check ON verdict_event (check_id, seq);
--> statement-breakpoint
CREATE TRIGGER verdict_event_append_only BEFORE UPDATE OR DELETE ON verdict_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER verdict_event_no_truncate BEFORE TRUNCATE ON verdict_event EXECUTE FUNCTION refuse_change();
