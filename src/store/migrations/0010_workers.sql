-- Several workers on one database: who they are, who runs which shard of the checks, and which verdict changes wait for the leader.
CREATE TABLE worker (
  id text PRIMARY KEY,
  environment text NOT NULL,
  role text NOT NULL CHECK (role IN ('daemon', 'worker')),
  host text NOT NULL,
  pid integer NOT NULL,
  -- The server process of the connection that holds its locks.
  backend integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
-- The epoch rises with each owner: a write that names an older one is refused. The number 64 stands for the leader.
CREATE TABLE shard (
  environment text NOT NULL,
  shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 64),
  epoch bigint NOT NULL,
  owner text NOT NULL,
  PRIMARY KEY (environment, shard)
);
--> statement-breakpoint
ALTER TABLE verdict_event ADD COLUMN places integer;
--> statement-breakpoint
-- What the failure of the check means: loss of data, or a breach.
ALTER TABLE verdict_event ADD COLUMN impact text;
--> statement-breakpoint
-- Figures of the run behind the verdict.
ALTER TABLE verdict_event ADD COLUMN facts jsonb;
--> statement-breakpoint
-- The last run, for those that do not run the check themselves.
ALTER TABLE check_state ADD COLUMN last_result jsonb;
--> statement-breakpoint
-- The place of the last verdict change; above `delivered` while the incidents layer has not taken it.
ALTER TABLE check_state ADD COLUMN recorded bigint NOT NULL DEFAULT 0;
--> statement-breakpoint
UPDATE check_state s SET recorded = coalesce((SELECT max(seq) FROM verdict_event e WHERE e.check_id = s.check_id), 0);
--> statement-breakpoint
CREATE INDEX check_state_waiting ON check_state (environment) WHERE recorded > delivered;
