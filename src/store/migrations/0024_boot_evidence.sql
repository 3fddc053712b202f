-- When a unit was first found healthy: how long services take to start.
ALTER TABLE unit ADD COLUMN healthy_at timestamptz;
--> statement-breakpoint
-- Runs of a check that followed each other without a gap: since when, and until when the last one speaks for its target.
ALTER TABLE check_state ADD COLUMN steady_since timestamptz, ADD COLUMN steady_until timestamptz;
--> statement-breakpoint
-- Whether somebody looked is known from the runs of the checks.
ALTER TABLE heal_health DROP COLUMN seen_at;
--> statement-breakpoint
CREATE INDEX unit_boot ON unit (app, env, service, healthy_at DESC) WHERE healthy_at IS NOT NULL;
