/** `/upgrade-and-restart` asks the registry for a newer Kimaki, says what would be run, and does it when the person presses the button. */
import { button } from '../../domain/conversation/posts/button.ts'
import type { MessageContent } from '../../domain/conversation/posts/post.ts'
import type { Upgrade, UpgradePort } from '../../ports/upgrade.ts'
import { plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

const NAME_MAX = 40
const REASON_MAX = 600

export const upgradeAndRestart: SlashCommand = {
  name: 'upgrade-and-restart',
  description: 'Look for a newer Kimaki, and install and start it (update, version)',
  where: 'anywhere',
  visibility: 'ephemeral',
  deed: 'set-up',
  options: [],
  run: () => ({ work: {} }),
  async work({ upgrade }, { args: { version }, isRetry }) {
    if (!upgrade) return { reply: NOT_HERE }
    if (typeof version === 'string') return { reply: await carryOut(upgrade, version, isRetry) }
    const found = await upgrade.look()
    return { reply: found instanceof Error ? refused(found) : offerOf(found) }
  },
  buttons: { upgrade: (version) => ({ work: { version } }) },
}

const NOT_HERE = '✗ not upgraded: this Kimaki cannot be upgraded from here\nRun `kimaki upgrade` on its machine.'

function offerOf({ current, latest, command }: Upgrade): string | MessageContent {
  if (current === latest) return `✓ Kimaki ${plain(current, NAME_MAX)} is the newest`
  const text = `⬦ Kimaki ${plain(current, NAME_MAX)} runs, ${plain(latest, NAME_MAX)} is the newest\nThis would run \`${command.replaceAll('`', "'")}\` on its machine, then start Kimaki anew. Runs go on meanwhile.`
  return { text, buttons: [button('upgrade', latest, 'Upgrade and restart')] }
}

/** The restart may come before the answer is on record: then the next life finds the version that was wanted, and answers. */
async function carryOut(upgrade: UpgradePort, version: string, isRetry: boolean): Promise<string> {
  const done = `✓ Kimaki ${plain(version, NAME_MAX)} is installed`
  if (isRetry && upgrade.current === version) return `${done} and runs`
  const failed = await upgrade.install(version)
  if (failed) return refused(failed)
  const stays = upgrade.restart()
  return stays ? `${done}\n${plain(stays.message, REASON_MAX)}` : `${done} and starts now\nRuns go on meanwhile.`
}

const refused = ({ message }: Error): string => `✗ not upgraded\n${plain(message, REASON_MAX)}`
