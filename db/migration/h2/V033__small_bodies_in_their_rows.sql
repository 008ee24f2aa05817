-- Bodies up to 64 KiB stand in their row, not in a store of their own with a row here and rows there: writing an attempt with its
-- two bodies costs a third less.
SET MAX_LENGTH_INPLACE_LOB 65536;
