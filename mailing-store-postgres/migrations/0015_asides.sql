-- Since when a delivery is put aside, in milliseconds: its domain refuses our mail. 0: not any more.
ALTER TABLE deliveries ADD COLUMN aside_since bigint;
