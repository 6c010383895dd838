/** What the status page shows of a report. States are words; a colour only repeats them. */
import type {
  Budget,
  Budgets,
  StatusError,
  StatusReport,
  StatusServer,
  StatusThread,
} from '../../domain/conversation/inquiry/status-report.ts'
import { html, type Html } from './html.ts'

export function statusPage(report: StatusReport): Html {
  const { threads, now } = report
  const of = (...states: readonly StatusThread['state'][]): readonly StatusThread[] =>
    threads.filter(({ state }) => states.includes(state))
  const [asking, working, ended] = [of('asks'), of('working'), of('failed', 'answered')]
  const queued = threads.reduce((sum, thread) => sum + thread.queued, 0)
  return html`${head(report)}
    <dl class="sums">
      ${sum('Wait for an answer', report.sessions.asking)}${sum('At work', report.sessions.working)}
      ${sum('Messages queued', queued)}${sum('Projects', report.projects)}
    </dl>
    <div class="columns">
      <div>
        ${section('Wait for an answer', threadList(asking, now), 'Nobody is asked anything.')}
        ${section('At work', threadList(working, now), idleWords(report))}
        ${section('Ended within a day', threadList(ended, now), 'Nothing has ended today.')}
      </div>
      <div>
        ${section('OpenCode servers', report.opencode.map(serverRow), 'None runs. The next message to an agent starts one.')}
        ${budgetSection(report.budgets)}
        ${section(
          'Last errors',
          report.errors.map((error) => errorRow(error, now)),
          'The log holds no error.',
        )}
      </div>
    </div>`
}

function head({ connected, reason, pid, memory, startedAt, now, version, dataDir }: StatusReport): Html {
  const line = connected
    ? html`<span class="state good">● connected to Discord</span>`
    : html`<span class="state bad">▲ not connected: ${reason ?? 'the reason is not known'}</span>`
  return html`<header>
    <h1>Kimaki</h1>
    <p>${line}</p>
    <p class="soft">
      version ${version} · process ${pid} · ${sizeText(memory)} · runs for ${ageText(now - startedAt)} ·
      <span class="path">${dataDir}</span>
    </p>
  </header>`
}

const sum = (name: string, count: number): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${count}</dd>
  </div>`

/** `empty`: what stands where there is nothing. */
const section = (title: string, rows: readonly Html[], empty: string): Html =>
  html`<section>
    <h2>${title}${rows.length > 0 ? html` <span class="count">${rows.length}</span>` : undefined}</h2>
    ${
      rows.length > 0
        ? html`<ul>
            ${rows}
          </ul>`
        : html`<p class="empty">${empty}</p>`
    }
  </section>`

const idleWords = ({ projects }: StatusReport): string =>
  projects > 0
    ? 'No agent works. Write in the channel of a project to begin.'
    : 'There is no project yet. Run kimaki project add in a folder to make one.'

const STATES: Readonly<Record<StatusThread['state'] | 'held', { readonly words: string; readonly kind: string }>> = {
  asks: { words: '? the agent asks', kind: 'warn' },
  working: { words: '● works', kind: 'good' },
  held: { words: '▲ held up', kind: 'warn' },
  failed: { words: '✗ ended with an error', kind: 'bad' },
  answered: { words: '✓ answered', kind: 'soft' },
}

const threadList = (threads: readonly StatusThread[], now: number): readonly Html[] =>
  threads.map((thread) => {
    const { guildId, threadId, title, directory, asker, askedAt, state, queued, why, link } = thread
    const { words, kind } = STATES[state === 'working' && link !== null ? 'held' : state]
    return html`<li>
      <div class="line">
        <a href="https://discord.com/channels/${guildId}/${threadId}" target="_blank" rel="noreferrer"
          >${title === '' ? 'a thread without a name of ours' : title}</a
        >
        <span class="state ${kind}">${words}</span>
      </div>
      <p class="soft">
        ${folderName(directory)} · ${asker ?? 'a program'} wrote
        ${when(askedAt, now)}${queued > 0 ? ` · ${queued} queued` : undefined}
      </p>
      ${why === null ? undefined : html`<p class="why">${why}</p>`}
    </li>`
  })

const serverRow = ({ pid, port, busy, directories, memory }: StatusServer): Html =>
  html`<li>
    <div class="line">
      <span>${directories.length > 0 ? directories.map(folderName).join(', ') : 'no project'}</span>
      <span class="figure">${sizeText(memory)}</span>
    </div>
    <p class="soft">${busy === 0 ? 'idle' : `busy with ${busy}`} · process ${pid} · port ${port}</p>
  </li>`

const budgetSection = ({ requests, refusals, identifies }: Budgets): Html =>
  html`<section>
    <h2>What Discord allows</h2>
    <ul>
      ${budgetRow('Requests', 'left within this second', requests)}
      ${budgetRow('Refused requests', 'may still come within 10 minutes', refusals)}
      ${budgetRow('New sessions (IDENTIFY)', 'left within 24 hours', identifies)}
    </ul>
  </section>`

const budgetRow = (name: string, of: string, { left, most }: Budget): Html =>
  html`<li>
    <div class="line">
      <span>${name}</span>
      <span class="figure">${figure(left)} <span class="soft">of ${figure(most)}</span></span>
    </div>
    <meter
      min="0"
      max="${most}"
      low="${Math.floor(most / 4)}"
      optimum="${most}"
      value="${left}"
      aria-label="${name}, ${of}"
    ></meter>
    <p class="soft">${of}</p>
  </li>`

const errorRow = ({ at, message, details }: StatusError, now: number): Html =>
  html`<li>
    <div class="line">
      <span>${message}</span>
      ${at === null ? undefined : html`<span class="soft">${when(at, now)}</span>`}
    </div>
    ${details === '' ? undefined : html`<p class="details">${details}</p>`}
  </li>`

const when = (at: number, now: number): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${now - at < MINUTE ? 'just now' : `${ageText(now - at)} ago`}</time>`

const MINUTE = 60_000

/** Coarse, so that a page at rest stays as it is. */
export function ageText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 60) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`
}

const sizeText = (bytes: number | null): string =>
  bytes === null ? 'memory not known' : `${figure(Math.round(bytes / 2 ** 20))} MB`

/** Groups of three, with a space that does not break. */
const figure = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f')

const folderName = (directory: string): string => directory.split(/[\\/]/).findLast((piece) => piece !== '') ?? directory
