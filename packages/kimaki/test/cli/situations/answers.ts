/** What a bot with one project and one session answers, by route. */
import type { ProjectState } from '../../../src/app/projects/survey.ts'
import type { StatusReport } from '../../../src/domain/conversation/inquiry/status-report.ts'

const GUILD = '100000000000000001'
export const CHANNEL = '100000000000000002'
export const THREAD = '100000000000000003'
export const MESSAGE = '100000000000000004'

const session = {
  sessionId: 'ses_abc',
  threadId: THREAD,
  channelId: CHANNEL,
  guildId: GUILD,
  directory: '/code/garden',
  title: 'Seven leaves of the old apple tree',
  updated: Date.UTC(2026, 0, 2, 3, 4),
  state: 'idle',
}
const task = {
  id: 't1a2b3c4d',
  channelId: CHANNEL,
  guildId: GUILD,
  target: { kind: 'channel', channelId: CHANNEL },
  prompt: 'count the leaves',
  schedule: { kind: 'cron', expression: '0 9 * * 1-5', zone: 'Europe/Berlin' },
  wishes: {},
  files: [],
  notifyOnly: false,
  overlaps: false,
  missed: 'run',
  createdAt: Date.UTC(2026, 0, 2, 3, 4),
  state: 'active',
  next: Date.UTC(2026, 0, 2, 8),
  failures: 0,
}
const ended = { state: 'ended', ok: true, text: 'seven leaves', threadId: THREAD }
const project = { channelId: CHANNEL, guildId: GUILD, directory: '/code/garden' }
const ok: ProjectState = 'ok'
const budget = { left: 40, most: 50 }
const standing: StatusReport = {
  version: '1.2.3',
  pid: 4711,
  dataDir: '/home/ann/.kimaki',
  now: Date.UTC(2026, 0, 2, 3, 5),
  startedAt: Date.UTC(2026, 0, 2, 3, 4),
  memory: 80_000_000,
  connected: true,
  reason: null,
  projects: 1,
  sessions: { working: 0, asking: 0, known: 1 },
  threads: [],
  opencode: [{ pid: 4712, port: 4096, busy: 0, directories: ['/code/garden'], memory: 300_000_000 }],
  budgets: { requests: budget, refusals: budget, identifies: budget },
  errors: [],
}

/** `here`: the folder that the calls name. */
export const answersFor = (here: string): Readonly<Record<string, unknown>> => ({
  'GET /opencode-servers': [],
  'GET /projects': [
    { ...project, directory: here, folderName: 'garden', channelName: 'garden', guildName: 'The Botanical Workshop', state: ok },
  ],
  'POST /projects': { ...project, directory: here, isTrusted: true },
  'POST /projects/add': { ...project, directory: here, isOld: false, isTrusted: true },
  'POST /projects/welcome': {},
  'POST /projects/remove': { directory: here, channel: 'kept' },
  'POST /send': { key: `send:${THREAD}`, state: 'accepted', threadId: THREAD },
  'POST /send/wait': ended,
  'POST /notify': { messageId: MESSAGE },
  'GET /status': { pid: 4711, servers: [] },
  'POST /stop': { pid: 4711 },
  'POST /restart': {},
  'GET /standing': standing,
  'POST /status-page': { link: 'http://127.0.0.1:1/#leaves' },
  'POST /sqlitedb': { url: 'http://127.0.0.1:1', token: 'leaves' },
  'POST /upload': { threadId: THREAD, messageId: MESSAGE },
  'POST /users': [{ id: MESSAGE, name: 'Ann of the many leaves and branches' }],
  'POST /sessions': [session],
  'POST /sessions/find': session,
  'POST /sessions/read': { sessionId: 'ses_abc', threadId: THREAD, title: 'Leaves', text: '# Leaves', messages: [] },
  'POST /sessions/search': [{ ...session, snippets: ['seven leaves'] }],
  'POST /sessions/wait': { sessionId: 'ses_abc', ...ended },
  'POST /sessions/abort': { sessionId: 'ses_abc', threadId: THREAD, stopped: true },
  'POST /tasks': task,
  'POST /tasks/list': [{ task, runs: [] }],
  'POST /tasks/change': task,
  'POST /tasks/run': task,
  'POST /sessions/archive': { sessionId: 'ses_abc', threadId: THREAD },
  'POST /worktrees/merge': { sessionId: 'ses_abc', threadId: THREAD, branch: 'opencode/kimaki-leaves' },
  'POST /sessions/export': { info: { id: 'ses_abc' }, messages: [] },
  'POST /why': { thread: THREAD, link: null, finding: { kind: 'idle' }, text: 'Nothing goes on here.' },
  'POST /clean': { isApplied: false, threads: [THREAD], bodies: 2, attachments: { files: 1, bytes: 2048 }, troubles: [] },
})
