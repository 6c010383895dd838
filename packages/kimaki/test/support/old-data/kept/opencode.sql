PRAGMA user_version = 0;
CREATE TABLE `workspace` (
          `id` text PRIMARY KEY,
          `type` text NOT NULL,
          `name` text DEFAULT '' NOT NULL,
          `branch` text,
          `directory` text,
          `extra` text,
          `project_id` text NOT NULL,
          `time_used` integer NOT NULL,
          CONSTRAINT `fk_workspace_project_id_project_id_fk` FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `data_migration` (
          `name` text PRIMARY KEY,
          `time_completed` integer NOT NULL
        );
CREATE TABLE `account_state` (
          `id` integer PRIMARY KEY,
          `active_account_id` text,
          `active_org_id` text,
          CONSTRAINT `fk_account_state_active_account_id_account_id_fk` FOREIGN KEY (`active_account_id`) REFERENCES `account`(`id`) ON DELETE SET NULL
        );
CREATE TABLE `account` (
          `id` text PRIMARY KEY,
          `email` text NOT NULL,
          `url` text NOT NULL,
          `access_token` text NOT NULL,
          `refresh_token` text NOT NULL,
          `token_expiry` integer,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL
        );
CREATE TABLE `control_account` (
          `email` text NOT NULL,
          `url` text NOT NULL,
          `access_token` text NOT NULL,
          `refresh_token` text NOT NULL,
          `token_expiry` integer,
          `active` integer NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          CONSTRAINT `control_account_pk` PRIMARY KEY(`email`, `url`)
        );
CREATE TABLE `credential` (
          `id` text PRIMARY KEY,
          `integration_id` text,
          `label` text NOT NULL,
          `value` text NOT NULL,
          `connector_id` text,
          `method_id` text,
          `active` integer,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL
        );
CREATE TABLE `event_sequence` (
          `aggregate_id` text PRIMARY KEY,
          `seq` integer NOT NULL,
          `owner_id` text
        );
CREATE TABLE `event` (
          `id` text PRIMARY KEY,
          `aggregate_id` text NOT NULL,
          `seq` integer NOT NULL,
          `type` text NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_event_aggregate_id_event_sequence_aggregate_id_fk` FOREIGN KEY (`aggregate_id`) REFERENCES `event_sequence`(`aggregate_id`) ON DELETE CASCADE
        );
CREATE TABLE `permission` (
          `id` text PRIMARY KEY,
          `project_id` text NOT NULL,
          `action` text NOT NULL,
          `resource` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          CONSTRAINT `fk_permission_project_id_project_id_fk` FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `project_directory` (
          `project_id` text NOT NULL,
          `directory` text NOT NULL,
          `type` text,
          `strategy` text,
          `time_created` integer NOT NULL,
          CONSTRAINT `project_directory_pk` PRIMARY KEY(`project_id`, `directory`),
          CONSTRAINT `fk_project_directory_project_id_project_id_fk` FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `project` (
          `id` text PRIMARY KEY,
          `worktree` text NOT NULL,
          `vcs` text,
          `name` text,
          `icon_url` text,
          `icon_url_override` text,
          `icon_color` text,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `time_initialized` integer,
          `sandboxes` text NOT NULL,
          `commands` text
        );
CREATE TABLE `message` (
          `id` text PRIMARY KEY,
          `session_id` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_message_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `part` (
          `id` text PRIMARY KEY,
          `message_id` text NOT NULL,
          `session_id` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_part_message_id_message_id_fk` FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `session_context_epoch` (
          `session_id` text PRIMARY KEY,
          `baseline` text NOT NULL,
          `snapshot` text NOT NULL,
          `baseline_seq` integer NOT NULL,
          CONSTRAINT `fk_session_context_epoch_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `session_input` (
          `id` text PRIMARY KEY,
          `session_id` text NOT NULL,
          `prompt` text NOT NULL,
          `delivery` text NOT NULL,
          `admitted_seq` integer NOT NULL,
          `promoted_seq` integer,
          `time_created` integer NOT NULL,
          CONSTRAINT `fk_session_input_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `session_message` (
          `id` text PRIMARY KEY,
          `session_id` text NOT NULL,
          `type` text NOT NULL,
          `seq` integer NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_session_message_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `session` (
          `id` text PRIMARY KEY,
          `project_id` text NOT NULL,
          `workspace_id` text,
          `parent_id` text,
          `slug` text NOT NULL,
          `directory` text NOT NULL,
          `path` text,
          `title` text NOT NULL,
          `version` text NOT NULL,
          `share_url` text,
          `summary_additions` integer,
          `summary_deletions` integer,
          `summary_files` integer,
          `summary_diffs` text,
          `metadata` text,
          `cost` real DEFAULT 0 NOT NULL,
          `tokens_input` integer DEFAULT 0 NOT NULL,
          `tokens_output` integer DEFAULT 0 NOT NULL,
          `tokens_reasoning` integer DEFAULT 0 NOT NULL,
          `tokens_cache_read` integer DEFAULT 0 NOT NULL,
          `tokens_cache_write` integer DEFAULT 0 NOT NULL,
          `revert` text,
          `permission` text,
          `agent` text,
          `model` text,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `time_compacting` integer,
          `time_archived` integer,
          CONSTRAINT `fk_session_project_id_project_id_fk` FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `todo` (
          `session_id` text NOT NULL,
          `content` text NOT NULL,
          `status` text NOT NULL,
          `priority` text NOT NULL,
          `position` integer NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          CONSTRAINT `todo_pk` PRIMARY KEY(`session_id`, `position`),
          CONSTRAINT `fk_todo_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
CREATE TABLE `session_share` (
          `session_id` text PRIMARY KEY,
          `id` text NOT NULL,
          `secret` text NOT NULL,
          `url` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          CONSTRAINT `fk_session_share_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
CREATE TABLE "migration" (id TEXT PRIMARY KEY, time_completed INTEGER NOT NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d821a9ffelKk7vzwSASD2Nu', 15, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d81c83ffe3kTbYjo41cWXoK', 15, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d81b8fffeVl3bMdZlNsJR4P', 13, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d816e1ffeYam7OIYdFIhwF1', 32, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d80e6effeL8W24leM30FwgM', 28, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d80c0bffe0l2t9rs6w5MVa1', 31, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d809f6ffe9MYL3fElQynglr', 8, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 18, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d8024dffeCaDuYIBaBmWl3D', 27, NULL);
INSERT INTO "event_sequence" VALUES ('ses_dd5d80116ffeKAHcKUFUhAvIKh', 15, NULL);
INSERT INTO "project_directory" VALUES ('c3f3decaaa296a7b207a62edf6682571f1a78171', '/home/ada/house/projects/alpha', NULL, NULL, 1796003585236);
INSERT INTO "project" VALUES ('c3f3decaaa296a7b207a62edf6682571f1a78171', '/home/ada/house/projects/alpha', 'git', NULL, NULL, NULL, NULL, 1796003585225, 1796003585225, NULL, '[]', NULL);
INSERT INTO "message" VALUES ('msg_3KoZ2w3uxDkJVCNBJkFc6RtO', 'ses_dd5d821a9ffelKk7vzwSASD2Nu', 1796003585797, 1796003585814, '{"role":"user","time":{"created":1796003585797},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27df6b001WM5w7pTmdPx2j4', 'ses_dd5d821a9ffelKk7vzwSASD2Nu', 1796003585899, 1796003586784, '{"parentID":"msg_3KoZ2w3uxDkJVCNBJkFc6RtO","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.008131,"tokens":{"total":8124,"input":8117,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003585899,"completed":1796003586783},"finish":"stop"}');
INSERT INTO "message" VALUES ('msg_mpHSRuuoj3TUr5lYO5F9r5At', 'ses_dd5d81c83ffe3kTbYjo41cWXoK', 1796003586970, 1796003586990, '{"role":"user","time":{"created":1796003586970},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27e3d4001Y2sZtrQLvOQ30b', 'ses_dd5d81c83ffe3kTbYjo41cWXoK', 1796003587028, 1796003587107, '{"parentID":"msg_mpHSRuuoj3TUr5lYO5F9r5At","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.008133,"tokens":{"total":8126,"input":8119,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003587028,"completed":1796003587106},"finish":"stop"}');
INSERT INTO "message" VALUES ('msg_GWxUJK0kZ1ueEH6Ne26JNJPO', 'ses_dd5d81b8fffeVl3bMdZlNsJR4P', 1796003587203, 1796003587208, '{"role":"user","time":{"created":1796003587203},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27e4aa001tCNFlQGK4bnMTV', 'ses_dd5d81b8fffeVl3bMdZlNsJR4P', 1796003587243, 1796003587243, '{"parentID":"msg_GWxUJK0kZ1ueEH6Ne26JNJPO","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0,"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003587243}}');
INSERT INTO "message" VALUES ('msg_m7aZ4SPsNFzVPPpJ0xEoRwGC', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588408, 1796003588416, '{"role":"user","time":{"created":1796003588408},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27e96c001SxjbVtOTiSE8OM', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588460, 1796003590155, '{"parentID":"msg_m7aZ4SPsNFzVPPpJ0xEoRwGC","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0,"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003588460,"completed":1796003590153},"error":{"name":"MessageAbortedError","data":{"message":"Aborted"}}}');
INSERT INTO "message" VALUES ('msg_nX60fMfr75T8DAtJ7MhlfKaJ', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588645, 1796003590188, '{"role":"user","time":{"created":1796003590186},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27f05d001pXVhkcO3KbZYQV', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003590237, 1796003590238, '{"parentID":"msg_nX60fMfr75T8DAtJ7MhlfKaJ","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0,"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003590237}}');
INSERT INTO "message" VALUES ('msg_JeYnfovBRQrY34xkis4uNsMb', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590574, 1796003590582, '{"role":"user","time":{"created":1796003590574},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27f1f6001v5S1ijDAtM6MNR', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590646, 1796003590792, '{"parentID":"msg_JeYnfovBRQrY34xkis4uNsMb","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.00814,"tokens":{"total":8129,"input":8118,"output":11,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003590646,"completed":1796003590791},"finish":"stop"}');
INSERT INTO "message" VALUES ('msg_ENkwvkND9r6KRIa4QVAYnMsf', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590903, 1796003590907, '{"role":"user","time":{"created":1796003590903},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27f318001u155SF4SfrsT6N', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590936, 1796003590937, '{"parentID":"msg_ENkwvkND9r6KRIa4QVAYnMsf","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0,"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003590936}}');
INSERT INTO "message" VALUES ('msg_22a27f3f700141M9j7z2GH4BLV', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003590574, 1796003591161, '{"role":"user","time":{"created":1796003590574},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27f3ff001vFgUkhQLi0nTs6', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003590646, 1796003591168, '{"parentID":"msg_22a27f3f700141M9j7z2GH4BLV","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.00814,"tokens":{"total":8129,"input":8118,"output":11,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003590646,"completed":1796003590791},"finish":"stop"}');
INSERT INTO "message" VALUES ('msg_22a27f42a001iVilOjb7TNcq2b', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003590903, 1796003591211, '{"role":"user","time":{"created":1796003590903},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27f44f0012f8E0cm9ymn1Ge', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003590936, 1796003591248, '{"parentID":"msg_22a27f42a001iVilOjb7TNcq2b","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0,"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003590936}}');
INSERT INTO "message" VALUES ('msg_efV1aMHSox4xyNdapbEYpd4y', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591399, 1796003591407, '{"role":"user","time":{"created":1796003591399},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model","variant":"default"}}');
INSERT INTO "message" VALUES ('msg_22a27f554001br7B7EEvh0Qh7r', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591509, 1796003591596, '{"parentID":"msg_efV1aMHSox4xyNdapbEYpd4y","role":"assistant","mode":"build","agent":"build","variant":"default","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.008438,"tokens":{"total":8431,"input":8424,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003591509,"completed":1796003591593},"finish":"stop"}');
INSERT INTO "message" VALUES ('msg_ajejENfaj3Nf8RS0pEcQcaNL', 'ses_dd5d809f6ffe9MYL3fElQynglr', 1796003591718, 1796003591725, '{"role":"user","time":{"created":1796003591718},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27f64e001oC6VyzH7QYYOi6', 'ses_dd5d809f6ffe9MYL3fElQynglr', 1796003591758, 1796003591759, '{"parentID":"msg_ajejENfaj3Nf8RS0pEcQcaNL","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0,"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003591758}}');
INSERT INTO "message" VALUES ('msg_ZQSk5PfTm2ettDh0Ah9dH8Tk', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003591982, 1796003591989, '{"role":"user","time":{"created":1796003591982},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27f74f001dn2IEsnMddp6FW', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003592015, 1796003592018, '{"parentID":"msg_ZQSk5PfTm2ettDh0Ah9dH8Tk","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0,"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003592015}}');
INSERT INTO "message" VALUES ('msg_F38NNLrBzHHJrf2FZhJNjsYM', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003592199, 1796003592201, '{"role":"user","time":{"created":1796003592199},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_jS49SatdPhBSzKS4CyCpgTN1', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003593692, 1796003593704, '{"role":"user","time":{"created":1796003593692},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27fe170010lmkGPXcJ44FUd', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003593751, 1796003594090, '{"parentID":"msg_jS49SatdPhBSzKS4CyCpgTN1","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.008184,"tokens":{"total":8152,"input":8120,"output":32,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003593751,"completed":1796003594089},"finish":"tool-calls"}');
INSERT INTO "message" VALUES ('msg_ss2cMr32GmscvUkSzwaqUvJE', 'ses_dd5d80116ffeKAHcKUFUhAvIKh', 1796003594003, 1796003594009, '{"role":"user","time":{"created":1796003594003},"agent":"build","model":{"providerID":"scripted","modelID":"scripted-model"}}');
INSERT INTO "message" VALUES ('msg_22a27ff3b001IVyB5b9BlIxreT', 'ses_dd5d80116ffeKAHcKUFUhAvIKh', 1796003594043, 1796003594324, '{"parentID":"msg_ss2cMr32GmscvUkSzwaqUvJE","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.008131,"tokens":{"total":8124,"input":8117,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003594043,"completed":1796003594323},"finish":"stop"}');
INSERT INTO "message" VALUES ('msg_22a27ff76001i428QIJ6dq1l9Z', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003594102, 1796003594474, '{"parentID":"msg_jS49SatdPhBSzKS4CyCpgTN1","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/home/ada/house/projects/alpha","root":"/home/ada/house/projects/alpha"},"cost":0.008268,"tokens":{"total":8233,"input":8198,"output":35,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted-model","providerID":"scripted","time":{"created":1796003594102,"completed":1796003594466},"finish":"tool-calls"}');
INSERT INTO "part" VALUES ('prt_3KoZ2w3uxDkJVCNBJkFc6R01', 'msg_3KoZ2w3uxDkJVCNBJkFc6RtO', 'ses_dd5d821a9ffelKk7vzwSASD2Nu', 1796003585867, 1796003585871, '{"type":"text","text":"hello #m1"}');
INSERT INTO "part" VALUES ('prt_3KoZ2w3uxDkJVCNBJkFc6R02', 'msg_3KoZ2w3uxDkJVCNBJkFc6RtO', 'ses_dd5d821a9ffelKk7vzwSASD2Nu', 1796003585872, 1796003585875, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778050702409728\" thread-id=\"1576778050702409728\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27e2c1001MC2E3LAu6lgMoI', 'msg_22a27df6b001WM5w7pTmdPx2j4', 'ses_dd5d821a9ffelKk7vzwSASD2Nu', 1796003586754, 1796003586759, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27e2c9001WMZvVFzf7VzFjY', 'msg_22a27df6b001WM5w7pTmdPx2j4', 'ses_dd5d821a9ffelKk7vzwSASD2Nu', 1796003586761, 1796003586769, '{"type":"text","text":"Answer to #m1 ⟦t000002⟧","time":{"start":1796003586761,"end":1796003586766}}');
INSERT INTO "part" VALUES ('prt_22a27e2d5001vX46jIlakV20RD', 'msg_22a27df6b001WM5w7pTmdPx2j4', 'ses_dd5d821a9ffelKk7vzwSASD2Nu', 1796003586773, 1796003586775, '{"reason":"stop","type":"step-finish","tokens":{"total":8124,"input":8117,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.008131}');
INSERT INTO "part" VALUES ('prt_mpHSRuuoj3TUr5lYO5F9r501', 'msg_mpHSRuuoj3TUr5lYO5F9r5At', 'ses_dd5d81c83ffe3kTbYjo41cWXoK', 1796003586992, 1796003586993, '{"type":"text","text":"hello again #m2"}');
INSERT INTO "part" VALUES ('prt_mpHSRuuoj3TUr5lYO5F9r502', 'msg_mpHSRuuoj3TUr5lYO5F9r5At', 'ses_dd5d81c83ffe3kTbYjo41cWXoK', 1796003586995, 1796003586996, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778069409005568\" thread-id=\"1576778069409005568\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27e4110018FxRTcWZsotfq2', 'msg_22a27e3d4001Y2sZtrQLvOQ30b', 'ses_dd5d81c83ffe3kTbYjo41cWXoK', 1796003587089, 1796003587091, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27e414001QTtgICb0HnqOgi', 'msg_22a27e3d4001Y2sZtrQLvOQ30b', 'ses_dd5d81c83ffe3kTbYjo41cWXoK', 1796003587092, 1796003587096, '{"type":"text","text":"Answer to #m2 ⟦t000003⟧","time":{"start":1796003587092,"end":1796003587095}}');
INSERT INTO "part" VALUES ('prt_22a27e41a001yH2T9pu0w62N4f', 'msg_22a27e3d4001Y2sZtrQLvOQ30b', 'ses_dd5d81c83ffe3kTbYjo41cWXoK', 1796003587098, 1796003587099, '{"reason":"stop","type":"step-finish","tokens":{"total":8126,"input":8119,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.008133}');
INSERT INTO "part" VALUES ('prt_GWxUJK0kZ1ueEH6Ne26JNJ01', 'msg_GWxUJK0kZ1ueEH6Ne26JNJPO', 'ses_dd5d81b8fffeVl3bMdZlNsJR4P', 1796003587209, 1796003587210, '{"type":"text","text":"until go-13 #m13"}');
INSERT INTO "part" VALUES ('prt_GWxUJK0kZ1ueEH6Ne26JNJ02', 'msg_GWxUJK0kZ1ueEH6Ne26JNJPO', 'ses_dd5d81b8fffeVl3bMdZlNsJR4P', 1796003587212, 1796003587213, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778070688268288\" thread-id=\"1576778070688268288\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27e4e4001kkhMwrUnUZHh1P', 'msg_22a27e4aa001tCNFlQGK4bnMTV', 'ses_dd5d81b8fffeVl3bMdZlNsJR4P', 1796003587300, 1796003587302, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27e4e9001UUuTf6WpwrzObf', 'msg_22a27e4aa001tCNFlQGK4bnMTV', 'ses_dd5d81b8fffeVl3bMdZlNsJR4P', 1796003587305, 1796003587306, '{"type":"text","text":"","time":{"start":1796003587305}}');
INSERT INTO "part" VALUES ('prt_22a27e4ed001J4LzGX5YMaX6fc', 'msg_22a27e4aa001tCNFlQGK4bnMTV', 'ses_dd5d81b8fffeVl3bMdZlNsJR4P', 1796003587310, 1796003587548, '{"type":"tool","tool":"bash","callID":"call_t000005_0","state":{"metadata":{"output":""},"status":"running","input":{"command":"until [ -f go-13 ]; do sleep 0.05; done","description":"Work"},"time":{"start":1796003587320}}}');
INSERT INTO "part" VALUES ('prt_m7aZ4SPsNFzVPPpJ0xEoRw01', 'msg_m7aZ4SPsNFzVPPpJ0xEoRwGC', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588417, 1796003588421, '{"type":"text","text":"until go-3 #m3"}');
INSERT INTO "part" VALUES ('prt_m7aZ4SPsNFzVPPpJ0xEoRw02', 'msg_m7aZ4SPsNFzVPPpJ0xEoRwGC', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588428, 1796003588429, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778075700461568\" thread-id=\"1576778075700461568\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27e9d5001F6aHPO1gNrF7AL', 'msg_22a27e96c001SxjbVtOTiSE8OM', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588565, 1796003588567, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27e9d8001m57n81wBLOghCK', 'msg_22a27e96c001SxjbVtOTiSE8OM', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588568, 1796003588596, '{"type":"text","text":"Working on #m3. ⟦t000008⟧","time":{"start":1796003588568,"end":1796003588593}}');
INSERT INTO "part" VALUES ('prt_22a27e9db001uEpg6O33jRp6Xe', 'msg_22a27e96c001SxjbVtOTiSE8OM', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588571, 1796003590151, '{"type":"tool","tool":"bash","callID":"call_t000008_0","state":{"status":"completed","input":{"command":"until [ -f go-3 ]; do sleep 0.05; done","description":"Work"},"output":"(no output)\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>","metadata":{"output":"(no output)\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>","exit":null,"truncated":false},"title":"until [ -f go-3 ]; do sleep 0.05; done","time":{"start":1796003588580,"end":1796003590149}}}');
INSERT INTO "part" VALUES ('prt_nX60fMfr75T8DAtJ7MhlfK01', 'msg_nX60fMfr75T8DAtJ7MhlfKaJ', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588647, 1796003590190, '{"type":"text","text":"until go-4 #m4"}');
INSERT INTO "part" VALUES ('prt_nX60fMfr75T8DAtJ7MhlfK02', 'msg_nX60fMfr75T8DAtJ7MhlfKaJ', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003588649, 1796003590191, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778076728066048\" thread-id=\"1576778075700461568\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27f0b4001B2Mc9UwmI98xr8', 'msg_22a27f05d001pXVhkcO3KbZYQV', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003590324, 1796003590325, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27f0b7001OFnXqmRJ6sB1M6', 'msg_22a27f05d001pXVhkcO3KbZYQV', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003590327, 1796003590357, '{"type":"text","text":"Working on #m4. ⟦t000009⟧","time":{"start":1796003590327,"end":1796003590356}}');
INSERT INTO "part" VALUES ('prt_22a27f0ba001icTfgl1iFjvVZD', 'msg_22a27f05d001pXVhkcO3KbZYQV', 'ses_dd5d816e1ffeYam7OIYdFIhwF1', 1796003590330, 1796003590353, '{"type":"tool","tool":"bash","callID":"call_t000009_0","state":{"metadata":{"output":""},"status":"running","input":{"command":"until [ -f go-4 ]; do sleep 0.05; done","description":"Work"},"time":{"start":1796003590337}}}');
INSERT INTO "part" VALUES ('prt_JeYnfovBRQrY34xkis4uNs01', 'msg_JeYnfovBRQrY34xkis4uNsMb', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590584, 1796003590585, '{"type":"text","text":"castle is blue"}');
INSERT INTO "part" VALUES ('prt_JeYnfovBRQrY34xkis4uNs02', 'msg_JeYnfovBRQrY34xkis4uNsMb', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590586, 1796003590587, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778084701437952\" thread-id=\"1576778084701437952\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27f277001pLo52qx9e2sNaH', 'msg_22a27f1f6001v5S1ijDAtM6MNR', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590775, 1796003590777, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27f27a001PY6sIZ0g6602pj', 'msg_22a27f1f6001v5S1ijDAtM6MNR', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590778, 1796003590782, '{"type":"text","text":"I remember that castle is blue. ⟦t000011⟧","time":{"start":1796003590778,"end":1796003590781}}');
INSERT INTO "part" VALUES ('prt_22a27f280001w4SRK6Uk6Ry4Ez', 'msg_22a27f1f6001v5S1ijDAtM6MNR', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590784, 1796003590785, '{"reason":"stop","type":"step-finish","tokens":{"total":8129,"input":8118,"output":11,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.00814}');
INSERT INTO "part" VALUES ('prt_ENkwvkND9r6KRIa4QVAYnM01', 'msg_ENkwvkND9r6KRIa4QVAYnMsf', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590909, 1796003590910, '{"type":"text","text":"build castle"}');
INSERT INTO "part" VALUES ('prt_ENkwvkND9r6KRIa4QVAYnM02', 'msg_ENkwvkND9r6KRIa4QVAYnMsf', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003590912, 1796003590913, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778086081363968\" thread-id=\"1576778084701437952\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27f36b001vyU65DpA5WYgVm', 'msg_22a27f318001u155SF4SfrsT6N', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003591019, 1796003591020, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27f36d001aEk7GWfTWlDVA2', 'msg_22a27f318001u155SF4SfrsT6N', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003591021, 1796003591046, '{"type":"text","text":"I build. ⟦t000012⟧","time":{"start":1796003591021,"end":1796003591044}}');
INSERT INTO "part" VALUES ('prt_22a27f370001eul4o6GUs07hEy', 'msg_22a27f318001u155SF4SfrsT6N', 'ses_dd5d80e6effeL8W24leM30FwgM', 1796003591024, 1796003591042, '{"type":"tool","tool":"bash","callID":"call_t000012_0","state":{"metadata":{"output":""},"status":"running","input":{"command":"until [ -f castle ]; do sleep 0.05; done","description":"Build"},"time":{"start":1796003591035}}}');
INSERT INTO "part" VALUES ('prt_22a27f3fa001uJlzFtpGLn3IEQ', 'msg_22a27f3f700141M9j7z2GH4BLV', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591162, 1796003591164, '{"type":"text","text":"castle is blue"}');
INSERT INTO "part" VALUES ('prt_22a27f3fd001z21UXG6Q20S0l3', 'msg_22a27f3f700141M9j7z2GH4BLV', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591165, 1796003591166, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778084701437952\" thread-id=\"1576778084701437952\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27f401001FzV4G10I4uKlCx', 'msg_22a27f3ff001vFgUkhQLi0nTs6', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591170, 1796003591171, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27f419001MBTiLwklk9bM85', 'msg_22a27f3ff001vFgUkhQLi0nTs6', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591193, 1796003591196, '{"type":"text","text":"I remember that castle is blue. ⟦t000011⟧","time":{"start":1796003590778,"end":1796003590781}}');
INSERT INTO "part" VALUES ('prt_22a27f41e001TgtlXgt6jyGC0l', 'msg_22a27f3ff001vFgUkhQLi0nTs6', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591198, 1796003591201, '{"reason":"stop","type":"step-finish","tokens":{"total":8129,"input":8118,"output":11,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.00814}');
INSERT INTO "part" VALUES ('prt_22a27f437001yWn5YtXgW4186s', 'msg_22a27f42a001iVilOjb7TNcq2b', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591230, 1796003591242, '{"type":"text","text":"build castle"}');
INSERT INTO "part" VALUES ('prt_22a27f44b00106Ut8oHWGq22hm', 'msg_22a27f42a001iVilOjb7TNcq2b', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591243, 1796003591245, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778086081363968\" thread-id=\"1576778084701437952\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27f46b001pp9emQH4N3owLC', 'msg_22a27f44f0012f8E0cm9ymn1Ge', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591275, 1796003591277, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27f470001I5IAO0ZfDGft5q', 'msg_22a27f44f0012f8E0cm9ymn1Ge', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591280, 1796003591281, '{"type":"text","text":"I build. ⟦t000012⟧","time":{"start":1796003591021,"end":1796003591044}}');
INSERT INTO "part" VALUES ('prt_22a27f471001tjPliAKxZ3E6x2', 'msg_22a27f44f0012f8E0cm9ymn1Ge', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591281, 1796003591282, '{"type":"tool","tool":"bash","callID":"call_t000012_0","state":{"metadata":{"output":""},"status":"running","input":{"command":"until [ -f castle ]; do sleep 0.05; done","description":"Build"},"time":{"start":1796003591035}}}');
INSERT INTO "part" VALUES ('prt_efV1aMHSox4xyNdapbEYpd01', 'msg_efV1aMHSox4xyNdapbEYpd4y', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591408, 1796003591409, '{"type":"text","text":"<aside parent-session=\"ses_dd5d80e6effeL8W24leM30FwgM\">\nThis is a question aside. All before it is a copy of the parent session, which goes on with that work by itself.\nAnswer only this question. Do not continue, repeat or finish the work before it, and do not wait for it.\nSend the parent session a message only if you are asked to.\n</aside>\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_efV1aMHSox4xyNdapbEYpd02', 'msg_efV1aMHSox4xyNdapbEYpd4y', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591410, 1796003591411, '{"type":"text","text":"why blue"}');
INSERT INTO "part" VALUES ('prt_efV1aMHSox4xyNdapbEYpd03', 'msg_efV1aMHSox4xyNdapbEYpd4y', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591412, 1796003591413, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778087067025408\" thread-id=\"1576778084701437952\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27f594001gg62YHbOab6bwf', 'msg_22a27f554001br7B7EEvh0Qh7r', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591572, 1796003591577, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27f59d001J54vYw6Co5r1V0', 'msg_22a27f554001br7B7EEvh0Qh7r', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591581, 1796003591585, '{"type":"text","text":"Because of blue. ⟦t000013⟧","time":{"start":1796003591581,"end":1796003591584}}');
INSERT INTO "part" VALUES ('prt_22a27f5a4001oKeqWNxc0G2EdU', 'msg_22a27f554001br7B7EEvh0Qh7r', 'ses_dd5d80c0bffe0l2t9rs6w5MVa1', 1796003591588, 1796003591588, '{"reason":"stop","type":"step-finish","tokens":{"total":8431,"input":8424,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.008438}');
INSERT INTO "part" VALUES ('prt_ajejENfaj3Nf8RS0pEcQca01', 'msg_ajejENfaj3Nf8RS0pEcQcaNL', 'ses_dd5d809f6ffe9MYL3fElQynglr', 1796003591727, 1796003591728, '{"type":"text","text":"limited #m7"}');
INSERT INTO "part" VALUES ('prt_ajejENfaj3Nf8RS0pEcQca02', 'msg_ajejENfaj3Nf8RS0pEcQcaNL', 'ses_dd5d809f6ffe9MYL3fElQynglr', 1796003591729, 1796003591730, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778089399058432\" thread-id=\"1576778089399058432\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_ZQSk5PfTm2ettDh0Ah9dH801', 'msg_ZQSk5PfTm2ettDh0Ah9dH8Tk', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003591990, 1796003591991, '{"type":"text","text":"until go-8 #m8"}');
INSERT INTO "part" VALUES ('prt_ZQSk5PfTm2ettDh0Ah9dH802', 'msg_ZQSk5PfTm2ettDh0Ah9dH8Tk', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003591992, 1796003591994, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778090678321152\" thread-id=\"1576778090678321152\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27f7be001NFt5k0f8h1bi8n', 'msg_22a27f74f001dn2IEsnMddp6FW', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003592126, 1796003592127, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27f7c0001x2kGBYGypU9XdS', 'msg_22a27f74f001dn2IEsnMddp6FW', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003592128, 1796003592150, '{"type":"text","text":"Working on #m8. ⟦t000017⟧","time":{"start":1796003592128,"end":1796003592149}}');
INSERT INTO "part" VALUES ('prt_22a27f7c3001nDMDvQFASIdAiH', 'msg_22a27f74f001dn2IEsnMddp6FW', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003592131, 1796003592147, '{"type":"tool","tool":"bash","callID":"call_t000017_0","state":{"metadata":{"output":""},"status":"running","input":{"command":"until [ -f go-8 ]; do sleep 0.05; done","description":"Work"},"time":{"start":1796003592139}}}');
INSERT INTO "part" VALUES ('prt_F38NNLrBzHHJrf2FZhJNjs01', 'msg_F38NNLrBzHHJrf2FZhJNjsYM', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003592202, 1796003592202, '{"type":"text","text":"hello #m9"}');
INSERT INTO "part" VALUES ('prt_F38NNLrBzHHJrf2FZhJNjs02', 'msg_F38NNLrBzHHJrf2FZhJNjsYM', 'ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 1796003592203, 1796003592204, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778091710119936\" thread-id=\"1576778090678321152\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_jS49SatdPhBSzKS4CyCpgT01', 'msg_jS49SatdPhBSzKS4CyCpgTN1', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003593706, 1796003593715, '{"type":"text","text":"question go-10 #m10"}');
INSERT INTO "part" VALUES ('prt_jS49SatdPhBSzKS4CyCpgT02', 'msg_jS49SatdPhBSzKS4CyCpgTN1', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003593716, 1796003593717, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778097728946176\" thread-id=\"1576778097728946176\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27fe95001FA4C5fcaxmPn5P', 'msg_22a27fe170010lmkGPXcJ44FUd', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003593877, 1796003593878, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a27fe97001AGLKdSlNcp5hHj', 'msg_22a27fe170010lmkGPXcJ44FUd', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003593879, 1796003593916, '{"type":"text","text":"Working on #m10. ⟦t000019⟧","time":{"start":1796003593879,"end":1796003593913}}');
INSERT INTO "part" VALUES ('prt_22a27fe99001efzp8LZJqTnldb', 'msg_22a27fe170010lmkGPXcJ44FUd', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003593881, 1796003594072, '{"type":"tool","tool":"bash","callID":"call_t000019_0","state":{"status":"completed","input":{"command":"until [ -f go-10 ]; do sleep 0.05; done","description":"Work"},"output":"(no output)","metadata":{"output":"(no output)","exit":0,"truncated":false},"title":"until [ -f go-10 ]; do sleep 0.05; done","time":{"start":1796003593889,"end":1796003594070}}}');
INSERT INTO "part" VALUES ('prt_ss2cMr32GmscvUkSzwaqUv01', 'msg_ss2cMr32GmscvUkSzwaqUvJE', 'ses_dd5d80116ffeKAHcKUFUhAvIKh', 1796003594010, 1796003594010, '{"type":"text","text":"hello #m11"}');
INSERT INTO "part" VALUES ('prt_ss2cMr32GmscvUkSzwaqUv02', 'msg_ss2cMr32GmscvUkSzwaqUvJE', 'ses_dd5d80116ffeKAHcKUFUhAvIKh', 1796003594011, 1796003594012, '{"type":"text","text":"<discord-user name=\"ada\" user-id=\"1576778044398370816\" message-id=\"1576778099071123456\" thread-id=\"1576778099071123456\" />\n","synthetic":true}');
INSERT INTO "part" VALUES ('prt_22a27ff5f001jxy81E7Z6faBcl', 'msg_22a27fe170010lmkGPXcJ44FUd', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003594079, 1796003594081, '{"reason":"tool-calls","type":"step-finish","tokens":{"total":8152,"input":8120,"output":32,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.008184}');
INSERT INTO "part" VALUES ('prt_22a27fff8001d1d3FbT80gduuk', 'msg_22a27ff76001i428QIJ6dq1l9Z', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003594232, 1796003594233, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a280002001udUTbrGYiDdlrD', 'msg_22a27ff76001i428QIJ6dq1l9Z', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003594242, 1796003594405, '{"type":"tool","tool":"question","callID":"call_t000021_0","state":{"status":"error","input":{"questions":[{"question":"Which colour?","header":"Colour","options":[{"label":"Red","description":"r"}]}]},"error":"The user dismissed this question","time":{"start":1796003594277,"end":1796003594404}}}');
INSERT INTO "part" VALUES ('prt_22a28003d0019iQttnMog8yLJp', 'msg_22a27ff3b001IVyB5b9BlIxreT', 'ses_dd5d80116ffeKAHcKUFUhAvIKh', 1796003594301, 1796003594302, '{"type":"step-start"}');
INSERT INTO "part" VALUES ('prt_22a2800400012mbI4gB04HpdaI', 'msg_22a27ff3b001IVyB5b9BlIxreT', 'ses_dd5d80116ffeKAHcKUFUhAvIKh', 1796003594304, 1796003594314, '{"type":"text","text":"Answer to #m11 ⟦t000022⟧","time":{"start":1796003594304,"end":1796003594312}}');
INSERT INTO "part" VALUES ('prt_22a28004d001Cj2slmpSHyAYbT', 'msg_22a27ff3b001IVyB5b9BlIxreT', 'ses_dd5d80116ffeKAHcKUFUhAvIKh', 1796003594317, 1796003594318, '{"reason":"stop","type":"step-finish","tokens":{"total":8124,"input":8117,"output":7,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.008131}');
INSERT INTO "part" VALUES ('prt_22a2800a7001hXPouiyAM3pTdV', 'msg_22a27ff76001i428QIJ6dq1l9Z', 'ses_dd5d8024dffeCaDuYIBaBmWl3D', 1796003594407, 1796003594408, '{"reason":"tool-calls","type":"step-finish","tokens":{"total":8233,"input":8198,"output":35,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.008268}');
INSERT INTO "session" VALUES ('ses_dd5d821a9ffelKk7vzwSASD2Nu', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'jolly-comet', '/home/ada/house/projects/alpha', '', 'hello #m1', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778050702409728"}', 0.008131, 8117, 7, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003585622, 1796003586794, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d81c83ffe3kTbYjo41cWXoK', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'lucky-cabin', '/home/ada/house/projects/alpha', '', 'hello again #m2', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778069409005568"}', 0.008133, 8119, 7, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003586940, 1796003587128, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d81b8fffeVl3bMdZlNsJR4P', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'silent-lagoon', '/home/ada/house/projects/alpha', '', 'until go-13 #m13', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778070688268288"}', 0, 0, 0, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003587184, 1796003587266, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d816e1ffeYam7OIYdFIhwF1', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'crisp-garden', '/home/ada/house/projects/alpha', '', 'until go-3 #m3', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778075700461568"}', 0, 0, 0, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003588382, 1796003590261, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d80e6effeL8W24leM30FwgM', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'misty-planet', '/home/ada/house/projects/alpha', '', 'castle is blue', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778084701437952","aside":"btw:1576778087067025408"}', 0.00814, 8118, 11, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003590545, 1796003591122, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d80c0bffe0l2t9rs6w5MVa1', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'nimble-harbor', '/home/ada/house/projects/alpha', '', 'btw: why blue', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"btw:1576778087067025408"}', 0.016578, 16542, 18, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003591156, 1796003591601, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d809f6ffe9MYL3fElQynglr', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'jolly-orchid', '/home/ada/house/projects/alpha', '', 'limited #m7', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778089399058432"}', 0, 0, 0, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003591689, 1796003591791, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d808f6ffeXzK2Y5jZ01c7WM', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'mighty-planet', '/home/ada/house/projects/alpha', '', 'until go-8 #m8', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778090678321152"}', 0, 0, 0, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003591945, 1796003592204, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d8024dffeCaDuYIBaBmWl3D', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'glowing-engine', '/home/ada/house/projects/alpha', '', 'question go-10 #m10', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778097728946176"}', 0.016452, 16318, 67, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003593650, 1796003594152, NULL, NULL);
INSERT INTO "session" VALUES ('ses_dd5d80116ffeKAHcKUFUhAvIKh', 'c3f3decaaa296a7b207a62edf6682571f1a78171', NULL, NULL, 'lucky-circuit', '/home/ada/house/projects/alpha', '', 'hello #m11', '1.18.33', NULL, 0, 0, 0, NULL, '{"kimaki":"1576778099071123456"}', 0.008131, 8117, 7, 0, 0, 0, NULL, NULL, 'build', '{"id":"scripted-model","providerID":"scripted","variant":"default"}', 1796003593961, 1796003594329, NULL, NULL);
INSERT INTO "migration" VALUES ('20260127222353_familiar_lady_ursula', 1796003583731);
INSERT INTO "migration" VALUES ('20260211171708_add_project_commands', 1796003583731);
INSERT INTO "migration" VALUES ('20260213144116_wakeful_the_professor', 1796003583732);
INSERT INTO "migration" VALUES ('20260225215848_workspace', 1796003583732);
INSERT INTO "migration" VALUES ('20260227213759_add_session_workspace_id', 1796003583732);
INSERT INTO "migration" VALUES ('20260228203230_blue_harpoon', 1796003583732);
INSERT INTO "migration" VALUES ('20260303231226_add_workspace_fields', 1796003583732);
INSERT INTO "migration" VALUES ('20260309230000_move_org_to_state', 1796003583732);
INSERT INTO "migration" VALUES ('20260312043431_session_message_cursor', 1796003583732);
INSERT INTO "migration" VALUES ('20260323234822_events', 1796003583732);
INSERT INTO "migration" VALUES ('20260410174513_workspace-name', 1796003583732);
INSERT INTO "migration" VALUES ('20260413175956_chief_energizer', 1796003583732);
INSERT INTO "migration" VALUES ('20260423070820_add_icon_url_override', 1796003583732);
INSERT INTO "migration" VALUES ('20260427172553_slow_nightmare', 1796003583733);
INSERT INTO "migration" VALUES ('20260428004200_add_session_path', 1796003583733);
INSERT INTO "migration" VALUES ('20260501142318_next_venus', 1796003583733);
INSERT INTO "migration" VALUES ('20260504145000_add_sync_owner', 1796003583733);
INSERT INTO "migration" VALUES ('20260507164347_add_workspace_time', 1796003583733);
INSERT INTO "migration" VALUES ('20260510033149_session_usage', 1796003583733);
INSERT INTO "migration" VALUES ('20260511000411_data_migration_state', 1796003583734);
INSERT INTO "migration" VALUES ('20260511173437_session-metadata', 1796003583734);
INSERT INTO "migration" VALUES ('20260601010001_normalize_storage_paths', 1796003583734);
INSERT INTO "migration" VALUES ('20260601202201_amazing_prowler', 1796003583734);
INSERT INTO "migration" VALUES ('20260602002951_lowly_union_jack', 1796003583735);
INSERT INTO "migration" VALUES ('20260602182828_add_project_directories', 1796003583735);
INSERT INTO "migration" VALUES ('20260603001617_session_message_projection_indexes', 1796003583735);
INSERT INTO "migration" VALUES ('20260603040000_session_message_projection_order', 1796003583735);
INSERT INTO "migration" VALUES ('20260603141458_session_input_inbox', 1796003583735);
INSERT INTO "migration" VALUES ('20260603160727_jittery_ezekiel_stane', 1796003583735);
INSERT INTO "migration" VALUES ('20260604172448_event_sourced_session_input', 1796003583735);
INSERT INTO "migration" VALUES ('20260605003541_add_session_context_snapshot', 1796003583736);
INSERT INTO "migration" VALUES ('20260605042240_add_context_epoch_agent', 1796003583736);
INSERT INTO "migration" VALUES ('20260611035744_credential', 1796003583736);
INSERT INTO "migration" VALUES ('20260611192811_lush_chimera', 1796003583736);
INSERT INTO "migration" VALUES ('20260612174303_project_dir_strategy', 1796003583736);
INSERT INTO "migration" VALUES ('20260622142730_simplify_session_context_epoch', 1796003583736);
INSERT INTO "migration" VALUES ('20260622170816_reset_v2_session_state', 1796003583736);
INSERT INTO "migration" VALUES ('20260622202450_simplify_session_input', 1796003583736);
CREATE UNIQUE INDEX `event_aggregate_seq_idx` ON `event` (`aggregate_id`,`seq`);
CREATE INDEX `event_aggregate_type_seq_idx` ON `event` (`aggregate_id`,`type`,`seq`);
CREATE UNIQUE INDEX `permission_project_action_resource_idx` ON `permission` (`project_id`,`action`,`resource`);
CREATE INDEX `message_session_time_created_id_idx` ON `message` (`session_id`,`time_created`,`id`);
CREATE INDEX `part_message_id_id_idx` ON `part` (`message_id`,`id`);
CREATE INDEX `part_session_idx` ON `part` (`session_id`);
CREATE INDEX `session_input_session_pending_delivery_seq_idx` ON `session_input` (`session_id`,`promoted_seq`,`delivery`,`admitted_seq`);
CREATE UNIQUE INDEX `session_input_session_admitted_seq_idx` ON `session_input` (`session_id`,`admitted_seq`);
CREATE UNIQUE INDEX `session_input_session_promoted_seq_idx` ON `session_input` (`session_id`,`promoted_seq`);
CREATE UNIQUE INDEX `session_message_session_seq_idx` ON `session_message` (`session_id`,`seq`);
CREATE INDEX `session_message_session_type_seq_idx` ON `session_message` (`session_id`,`type`,`seq`);
CREATE INDEX `session_message_session_time_created_id_idx` ON `session_message` (`session_id`,`time_created`,`id`);
CREATE INDEX `session_message_time_created_idx` ON `session_message` (`time_created`);
CREATE INDEX `session_project_idx` ON `session` (`project_id`);
CREATE INDEX `session_workspace_idx` ON `session` (`workspace_id`);
CREATE INDEX `session_parent_idx` ON `session` (`parent_id`);
CREATE INDEX `todo_session_idx` ON `todo` (`session_id`);
