/** A database as the older Kimaki leaves it: the tables that are read, with their columns and defaults. */
import { DatabaseSync } from 'node:sqlite'

const NOW = 'DEFAULT CURRENT_TIMESTAMP'
const CHANNEL_SETTING = `channel_id TEXT PRIMARY KEY REFERENCES channel_directories (channel_id), updated_at DATETIME ${NOW}`

const TABLES = `
  CREATE TABLE bot_tokens (app_id TEXT PRIMARY KEY, token TEXT NOT NULL, bot_mode TEXT NOT NULL DEFAULT 'self_hosted',
    client_id TEXT, client_secret TEXT, proxy_url TEXT, created_at DATETIME ${NOW}, last_used_at DATETIME);
  CREATE TABLE bot_api_keys (app_id TEXT PRIMARY KEY, gemini_api_key TEXT, openai_api_key TEXT, xai_api_key TEXT);
  CREATE TABLE channel_directories (channel_id TEXT PRIMARY KEY, directory TEXT NOT NULL, channel_type TEXT NOT NULL,
    guild_id TEXT, created_at DATETIME ${NOW});
  CREATE TABLE channel_agents (${CHANNEL_SETTING}, agent_name TEXT NOT NULL);
  CREATE TABLE channel_models (${CHANNEL_SETTING}, model_id TEXT NOT NULL, variant TEXT);
  CREATE TABLE channel_verbosity (${CHANNEL_SETTING}, verbosity TEXT NOT NULL DEFAULT 'tools_and_text');
  CREATE TABLE channel_mention_mode (${CHANNEL_SETTING}, enabled INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE channel_worktrees (${CHANNEL_SETTING}, enabled INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE global_models (app_id TEXT PRIMARY KEY, model_id TEXT NOT NULL, variant TEXT);
  CREATE TABLE session_models (session_id TEXT PRIMARY KEY, model_id TEXT NOT NULL, variant TEXT);
  CREATE TABLE session_agents (session_id TEXT PRIMARY KEY, agent_name TEXT NOT NULL);
  CREATE TABLE thread_sessions (thread_id TEXT PRIMARY KEY, session_id TEXT NOT NULL, source TEXT NOT NULL DEFAULT 'kimaki',
    last_synced_name TEXT, parent_session_id TEXT, created_at DATETIME ${NOW}, updated_at DATETIME ${NOW});
  CREATE TABLE thread_workspaces (thread_id TEXT PRIMARY KEY REFERENCES thread_sessions (thread_id), workspace_type TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending', project_directory TEXT NOT NULL, workspace_directory TEXT, workspace_name TEXT NOT NULL);
  CREATE TABLE scheduled_tasks (id INTEGER PRIMARY KEY, status TEXT NOT NULL DEFAULT 'planned', prompt_preview TEXT NOT NULL);
  CREATE TABLE session_sleeps (session_id TEXT PRIMARY KEY, status TEXT NOT NULL DEFAULT 'planned');
`

/** Opens it for more; close it, or do not: what waits in the log beside the file counts. */
export function olderDatabase(file: string, sql = ''): DatabaseSync {
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL; ${TABLES} ${sql}`)
  return db
}
