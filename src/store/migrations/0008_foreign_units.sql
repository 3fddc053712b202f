-- A unit that is taken over from somebody else has a rollout that only his database knows.
ALTER TABLE unit DROP CONSTRAINT unit_rollout_id_fkey;
