CREATE TABLE IF NOT EXISTS rpc_idempotency (
	id CHAR(64) NOT NULL,
	fingerprint CHAR(64) NOT NULL,
	expires_at BIGINT NOT NULL,
	kind VARCHAR(16),
	json BYTEA,
	CONSTRAINT rpc_idempotency_pk PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS rpc_idempotency_expires_at ON rpc_idempotency (expires_at);
