-- What is left to do after incidents, reports that were made, fire drills, and tests of channels.
CREATE TABLE action_item (
  id text PRIMARY KEY,
  app text NOT NULL,
  environment text NOT NULL,
  incident_id text NOT NULL REFERENCES incident (id),
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
  owner text NOT NULL CHECK (length(owner) BETWEEN 1 AND 100),
  due date NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  done_by text,
  done_at timestamptz,
  CHECK ((done_at IS NULL) = (done_by IS NULL))
);
--> statement-breakpoint
CREATE INDEX action_item_incident ON action_item (incident_id, created_at);
--> statement-breakpoint
CREATE INDEX action_item_open ON action_item (app, environment, due) WHERE done_at IS NULL;
--> statement-breakpoint
-- One for each period, whoever makes it and however late: a week such as 2026-W09, a day such as 2026-03-01.
CREATE TABLE report (
  app text NOT NULL,
  environment text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('daily', 'audit')),
  period text NOT NULL,
  made_at timestamptz NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (app, environment, kind, period)
);
--> statement-breakpoint
CREATE TABLE drill (
  id text PRIMARY KEY,
  app text NOT NULL,
  environment text NOT NULL,
  check_id text NOT NULL,
  type text NOT NULL,
  actor text NOT NULL,
  begun_at timestamptz NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('paged', 'not-paged', 'not-detected')),
  detect_ms double precision,
  page_ms double precision,
  channel text
);
--> statement-breakpoint
CREATE INDEX drill_recent ON drill (app, environment, begun_at DESC);
--> statement-breakpoint
CREATE TABLE channel_test (
  app text NOT NULL,
  channel text NOT NULL,
  at timestamptz NOT NULL,
  accepted boolean NOT NULL,
  ms double precision NOT NULL,
  error text,
  PRIMARY KEY (app, channel, at)
);
