-- Alerts are taken in first and handed on afterwards; those of before were handed on.
ALTER TABLE alert
  ADD COLUMN detail text NOT NULL DEFAULT '',
  ADD COLUMN firing boolean NOT NULL DEFAULT true,
  ADD COLUMN untold integer NOT NULL DEFAULT 0;
--> statement-breakpoint
CREATE INDEX alert_untold ON alert (app, environment) WHERE untold > 0;
