/** The bot's process as it is now, and the button that ends it, or starts it again where it has given up. */
import type { BotStatus } from '../../wire.ts'
import { killBot, startBot } from '../state/connection.ts'
import { find } from '../base/dom.ts'
import { counted, elapsed } from '../base/format.ts'

export interface StatusBar {
  show(bot: BotStatus): void
}

export function createStatusBar(): StatusBar {
  const bar = find('#status')
  const button = find('#kill', 'button')
  const start = find('#start', 'button')
  let bot: BotStatus | undefined

  const tick = () => {
    if (bot?.kind === 'running') find('#bot-uptime').textContent = `up ${elapsed(Date.now() - bot.since)}`
  }
  setInterval(tick, 1_000)
  button.addEventListener('click', () => void killBot())
  start.addEventListener('click', () => void startBot())

  return {
    show(next) {
      bot = next
      const pid = bot.kind === 'running' || bot.kind === 'starting' ? bot.pid : undefined
      bar.dataset['state'] = bot.kind
      if (pid === undefined) delete bar.dataset['pid']
      else bar.dataset['pid'] = String(pid)
      find('#bot-state').textContent = STATES[bot.kind]
      find('#bot-pid').textContent = pid === undefined ? 'no process' : `pid ${pid}`
      find('#bot-uptime').textContent = ''
      find('#bot-restarts').textContent = bot.restarts === 0 ? '' : counted(bot.restarts, 'restart')
      find('#bot-reason').textContent = bot.kind === 'failed' ? lastLine(bot.reason) : ''
      button.disabled = pid === undefined
      button.hidden = bot.kind === 'failed'
      start.hidden = !button.hidden
      tick()
    },
  }
}

/** The whole of it stands in the terminal. */
const lastLine = (words: string): string => words.trim().split('\n').at(-1) ?? ''

const STATES: Readonly<Record<BotStatus['kind'], string>> = {
  starting: 'Bot is starting',
  running: 'Bot is running',
  down: 'Bot is dead',
  failed: 'Bot does not start',
  stopped: 'Bot is stopped',
}
