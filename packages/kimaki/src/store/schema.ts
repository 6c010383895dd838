/** Forward-only migrations, one per `user_version`. The file may hold another program's tables: they are left alone. */
import type { DatabaseSync } from 'node:sqlite'
import { leaveForeignVerbosity, migrateToSlices } from './migrate.ts'

/** SQL, or a function for what SQL cannot read. */
export const MIGRATIONS: readonly (string | ((db: DatabaseSync) => void))[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE project (channel TEXT PRIMARY KEY, guild TEXT NOT NULL, directory TEXT NOT NULL, linked_at TEXT NOT NULL) STRICT;

  CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, at TEXT NOT NULL,
    body TEXT NOT NULL, place TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done')), tries INTEGER NOT NULL DEFAULT 0, error TEXT
  ) STRICT;
  CREATE INDEX inbox_new ON inbox (conversation, seq) WHERE state = 'new';
  CREATE INDEX inbox_conversation ON inbox (conversation);

  CREATE TABLE conversation (
    id TEXT PRIMARY KEY, guild TEXT NOT NULL, channel TEXT NOT NULL, directory TEXT NOT NULL,
    version INTEGER NOT NULL, state TEXT NOT NULL
  ) STRICT;

  CREATE TABLE binding (
    conversation TEXT NOT NULL, thread TEXT, session TEXT NOT NULL, bound_at TEXT NOT NULL,
    PRIMARY KEY (conversation, session)
  ) STRICT;
  CREATE INDEX binding_session ON binding (session, bound_at);

  CREATE TABLE prompt (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, phase TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX prompt_open ON prompt (conversation, seq) WHERE settled = 0;

  CREATE TABLE effect (
    key TEXT PRIMARY KEY, conversation TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done'))
  ) STRICT;
  CREATE INDEX effect_new ON effect (conversation) WHERE state = 'new';

  CREATE TABLE posted (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL, channel TEXT NOT NULL, blocks TEXT NOT NULL, content TEXT NOT NULL, file TEXT,
    notify INTEGER NOT NULL, fallback INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'unsent' CHECK (state IN ('unsent', 'sent', 'dropped')), message TEXT, settled INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX posted_open ON posted (conversation) WHERE settled = 0;
  CREATE INDEX posted_message ON posted (message) WHERE message IS NOT NULL;
  CREATE INDEX posted_conversation ON posted (conversation, message);

  CREATE TABLE cursor (channel TEXT PRIMARY KEY, message TEXT NOT NULL) STRICT;
  CREATE TABLE gateway (id INTEGER PRIMARY KEY CHECK (id = 1), session TEXT NOT NULL, url TEXT NOT NULL, sequence INTEGER NOT NULL) STRICT;
  CREATE TABLE server (id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL, started TEXT NOT NULL, port INTEGER NOT NULL, password TEXT NOT NULL) STRICT;
  `,
  `
  ALTER TABLE posted ADD COLUMN live TEXT;
  ALTER TABLE posted ADD COLUMN shown TEXT;
  `,
  `
  ALTER TABLE server RENAME TO only_server;
  CREATE TABLE server (
    directory TEXT PRIMARY KEY, pid INTEGER NOT NULL, started TEXT NOT NULL, port INTEGER NOT NULL, password TEXT NOT NULL,
    seen TEXT NOT NULL
  ) STRICT;
  INSERT INTO server (directory, pid, started, port, password, seen)
    SELECT DISTINCT project.directory, pid, started, port, password, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM only_server, project;
  DROP TABLE only_server;
  `,
  `
  CREATE TABLE identify (at INTEGER NOT NULL) STRICT;
  CREATE TABLE unread (channel TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT;
  `,
  `ALTER TABLE inbox ADD COLUMN receipt TEXT;`,
  migrateToSlices,
  `
  CREATE TABLE dead_dispatch (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, sequence INTEGER NOT NULL, at TEXT NOT NULL,
    type TEXT NOT NULL, reason TEXT NOT NULL, payload TEXT NOT NULL, UNIQUE (session, sequence)
  ) STRICT;
  `,
  `ALTER TABLE posted ADD COLUMN held TEXT;`,
  `
  CREATE TABLE folder (
    directory TEXT PRIMARY KEY, trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)), programs TEXT NOT NULL, at TEXT NOT NULL
  ) STRICT;
  ALTER TABLE server ADD COLUMN bare INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE allowance (
    id TEXT PRIMARY KEY, directory TEXT NOT NULL, permission TEXT NOT NULL, patterns TEXT NOT NULL,
    user TEXT NOT NULL, name TEXT NOT NULL, conversation TEXT NOT NULL, at TEXT NOT NULL
  ) STRICT;
  `,
  // In a file that the older Kimaki has filled there is a table of that name: see `leaveForeignVerbosity`.
  `CREATE TABLE IF NOT EXISTS channel_verbosity (channel TEXT PRIMARY KEY, level TEXT NOT NULL) STRICT;`,
  `ALTER TABLE posted ADD COLUMN components TEXT;`,
  `CREATE TABLE preference (place TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (place, name)) STRICT;`,
  `CREATE TABLE board (channel TEXT PRIMARY KEY, message TEXT NOT NULL) STRICT;`,
  `
  CREATE TABLE offered (directory TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE registered (application TEXT NOT NULL, guild TEXT NOT NULL, names TEXT NOT NULL, hash TEXT, PRIMARY KEY (application, guild)) STRICT;
  `,
  `CREATE TABLE welcome (guild TEXT PRIMARY KEY, channel TEXT NOT NULL) STRICT;`,
  leaveForeignVerbosity,
  /** What the older Kimaki had chosen for the session's thread, until the conversation begins here. */
  `ALTER TABLE binding ADD COLUMN chosen TEXT;`,
  `ALTER TABLE posted ADD COLUMN pings TEXT;`,
  `
  CREATE TABLE task (
    id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'done')), next INTEGER, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX task_due ON task (next) WHERE state = 'active' AND next IS NOT NULL;
  CREATE TABLE task_run (
    task TEXT NOT NULL, planned INTEGER NOT NULL, begun INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'skipped')), text TEXT NOT NULL, PRIMARY KEY (task, planned)
  ) STRICT;
  CREATE INDEX task_run_open ON task_run (task) WHERE state = 'running';
  `,
]
