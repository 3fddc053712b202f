-- How long incidents and what belongs to them are kept. Old rows go by a time that no clock that leaps ahead can hurry.
CREATE TABLE tidy_clock (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  -- What the clock of the database said last, and the time that is believed.
  seen timestamptz NOT NULL,
  believed timestamptz NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION tidy_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;
--> statement-breakpoint
-- The believed time never runs ahead of the clock; of what the clock went on between two looks a day counts at most, and that twice,
-- so that it catches up after a pause. The first look begins where the newest change of a verdict was written.
CREATE FUNCTION tidy_advance() RETURNS timestamptz LANGUAGE sql SET search_path FROM CURRENT AS $$
  INSERT INTO tidy_clock AS c (seen, believed)
    SELECT now, least(now, (SELECT max(recorded_at) FROM verdict_event) + interval '1 day') FROM tidy_now() AS now
  ON CONFLICT (one) DO UPDATE SET seen = excluded.seen,
    believed = least(excluded.seen, c.believed + 2 * least(greatest(excluded.seen - c.seen, interval '0'), interval '1 day'))
  RETURNING believed
$$;
--> statement-breakpoint
-- On record for 400 days, whoever asks. The argument names the column with the time of the row.
CREATE FUNCTION refuse_early_delete() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF coalesce((to_jsonb(OLD) ->> TG_ARGV[0])::timestamptz >= (SELECT believed FROM tidy_clock) - interval '400 days', true) THEN
    RAISE EXCEPTION '% keeps its rows for 400 days', TG_TABLE_NAME;
  END IF;
  RETURN OLD;
END $$;
--> statement-breakpoint
DROP TRIGGER verdict_event_append_only ON verdict_event;
--> statement-breakpoint
CREATE TRIGGER verdict_event_append_only BEFORE UPDATE ON verdict_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER verdict_event_kept BEFORE DELETE ON verdict_event FOR EACH ROW EXECUTE FUNCTION refuse_early_delete('recorded_at');
--> statement-breakpoint
CREATE INDEX verdict_event_age ON verdict_event (recorded_at);
--> statement-breakpoint
DROP TRIGGER incident_event_append_only ON incident_event;
--> statement-breakpoint
CREATE TRIGGER incident_event_append_only BEFORE UPDATE ON incident_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER incident_event_kept BEFORE DELETE ON incident_event FOR EACH ROW EXECUTE FUNCTION refuse_early_delete('at');
--> statement-breakpoint
CREATE INDEX incident_closed ON incident (app, closed_at) WHERE state = 'closed';
--> statement-breakpoint
-- What was told together with a message that is gone was told all the same.
ALTER TABLE outbox
  DROP CONSTRAINT outbox_told_with_fkey,
  ADD CONSTRAINT outbox_told_with_fkey FOREIGN KEY (told_with) REFERENCES outbox (id) ON DELETE SET NULL;
--> statement-breakpoint
CREATE INDEX outbox_told_with ON outbox (told_with) WHERE told_with IS NOT NULL;
