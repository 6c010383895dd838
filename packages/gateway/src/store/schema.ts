/** The tables. A change is a new entry at the end, never a change of one that stands: `PRAGMA user_version` counts those that were made. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    machine TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    session_id TEXT,
    last_s INTEGER NOT NULL DEFAULT 0,
    cut_s INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    guild_id TEXT,
    message TEXT
  ) STRICT;
  CREATE INDEX attempts_of_client ON attempts (client_id, created_at);

  CREATE TABLE journeys (
    state_hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    cookie_hash TEXT NOT NULL,
    attempt_id TEXT NOT NULL,
    callback TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE authorizations (
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    guild_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    code TEXT NOT NULL,
    at INTEGER NOT NULL,
    announced_at INTEGER,
    PRIMARY KEY (client_id, guild_id)
  ) STRICT;
  CREATE INDEX authorizations_of_guild ON authorizations (guild_id);

  CREATE TABLE guilds (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT;
  CREATE TABLE guild_items (
    guild_id TEXT NOT NULL,
    item TEXT NOT NULL,
    id TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (guild_id, item, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX places ON guild_items (id) WHERE item IN ('channel', 'thread');

  CREATE TABLE events (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, guild_id TEXT NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE TABLE log (
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    s INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (client_id, s)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX log_by_event ON log (event_id);
  CREATE INDEX log_by_time ON log (at);

  CREATE TABLE interaction_tokens (hash TEXT PRIMARY KEY, guild_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  `,
  `
  CREATE TABLE channel_owners (
    channel_id TEXT PRIMARY KEY,
    guild_id TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX channel_owners_of_client ON channel_owners (client_id, guild_id);

  CREATE TABLE command_owners (
    command_id TEXT PRIMARY KEY,
    guild_id TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    name TEXT NOT NULL
  ) STRICT;
  CREATE INDEX command_owners_of_client ON command_owners (client_id, guild_id);

  ALTER TABLE interaction_tokens ADD COLUMN interaction_id TEXT;
  ALTER TABLE interaction_tokens ADD COLUMN client_id TEXT;
  CREATE INDEX interactions ON interaction_tokens (interaction_id);
  `,
  `ALTER TABLE clients ADD COLUMN wake_url TEXT;`,
]
