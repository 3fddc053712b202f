-- Rollouts that meet: one that a newer release ends before users saw it, the one deployment an environment that waits for its turn,
-- and the hosts that a rollout went on without.
ALTER TABLE rollout DROP CONSTRAINT rollout_request_check;
--> statement-breakpoint
ALTER TABLE rollout ADD CONSTRAINT rollout_request_check CHECK (request IN ('promote', 'abort', 'supersede'));
--> statement-breakpoint
ALTER TABLE rollout ADD COLUMN behind jsonb;
--> statement-breakpoint
CREATE TABLE wish (
  app text NOT NULL,
  env text NOT NULL,
  id text NOT NULL,
  release text NOT NULL,
  content text NOT NULL,
  request jsonb NOT NULL,
  actor text NOT NULL,
  holder text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (app, env)
);
