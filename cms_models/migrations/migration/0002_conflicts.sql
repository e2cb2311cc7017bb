CREATE TABLE migration.conflicts (
    site_id SMALLINT NOT NULL,
    entity TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    row_id UUID NOT NULL,
    fields TEXT[] NOT NULL,
    source_row JSONB,
    source_owned JSONB DEFAULT '[]'::jsonb NOT NULL,
    source_hash BIGINT[],
    outcome migration.outcome NOT NULL,
    reason TEXT,
    run_id UUID NOT NULL,
    CONSTRAINT conflicts_pkey PRIMARY KEY (site_id, entity, source_id)
);
