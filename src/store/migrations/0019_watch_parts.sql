-- Minute buckets in one partition for each day, which is dropped when it is over for long enough: removing the rows of a day one by
-- one takes the store minutes and leaves their room behind. What there is becomes the first partition as it is.
ALTER TABLE bucket_minute RENAME TO bucket_minute_first;
--> statement-breakpoint
ALTER INDEX bucket_minute_pkey RENAME TO bucket_minute_first_pkey;
--> statement-breakpoint
ALTER INDEX bucket_minute_age RENAME TO bucket_minute_first_age;
--> statement-breakpoint
ALTER INDEX bucket_minute_failed RENAME TO bucket_minute_first_failed;
--> statement-breakpoint
CREATE TABLE bucket_minute (LIKE bucket_minute_first INCLUDING DEFAULTS, PRIMARY KEY (check_id, minute, epoch)) PARTITION BY RANGE (minute);
--> statement-breakpoint
CREATE INDEX bucket_minute_age ON bucket_minute (minute);
--> statement-breakpoint
CREATE INDEX bucket_minute_failed ON bucket_minute (minute) WHERE fail > 0;
--> statement-breakpoint
-- For days that have none of their own: a daemon that did not run for long, or a clock that is off.
CREATE TABLE bucket_minute_other PARTITION OF bucket_minute DEFAULT;
--> statement-breakpoint
-- To attach it, all rows are read once.
SET LOCAL statement_timeout = 0;
--> statement-breakpoint
DO $$
DECLARE
  until timestamptz := date_trunc('day', clock_timestamp(), 'UTC') + interval '48 hours';
  name text := 'bucket_minute_until_' || to_char(until AT TIME ZONE 'UTC', 'YYYYMMDD');
BEGIN
  WITH ahead AS (DELETE FROM bucket_minute_first WHERE minute >= until RETURNING *)
    INSERT INTO bucket_minute_other SELECT * FROM ahead;
  EXECUTE format('ALTER TABLE bucket_minute_first RENAME TO %I', name);
  EXECUTE format('ALTER TABLE bucket_minute ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', name, until);
END $$;
--> statement-breakpoint
-- When the change behind a verdict most likely came about, where that is not when the first failed run began.
ALTER TABLE verdict_event ADD COLUMN about timestamptz;
