-- What was written for the public about an incident goes with it.
DROP TRIGGER public_update_append_only ON public_update;
--> statement-breakpoint
CREATE TRIGGER public_update_append_only BEFORE UPDATE ON public_update FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER public_update_kept BEFORE DELETE ON public_update FOR EACH ROW EXECUTE FUNCTION refuse_early_delete('at');
--> statement-breakpoint
-- Those for which time passes are looked at each second: without it, all that is on record is gone through.
CREATE INDEX incident_live ON incident (app, environment) WHERE state NOT IN ('review', 'closed');
