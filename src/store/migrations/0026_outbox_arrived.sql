-- Whether an attempt may have reached somebody: one that was surely refused has not.
ALTER TABLE outbox ADD COLUMN arrived boolean NOT NULL DEFAULT false;
--> statement-breakpoint
UPDATE outbox SET arrived = true WHERE attempts > 0;
