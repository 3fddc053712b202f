-- Who asked for the promote or abort in "request".
ALTER TABLE rollout ADD COLUMN request_by text;
