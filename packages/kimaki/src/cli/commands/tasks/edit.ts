/** `kimaki task edit`: changes what a scheduled task says, when it runs, and how. */
import { UsageError } from '../../../base/errors.ts'
import type { TaskEdit } from '../../../app/tasks/orders.ts'
import { defineCliCommand, type OptionValues } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

const OPTIONS = {
  prompt: { flag: '-p, --prompt <text>', description: 'what it says from now on' },
  sendAt: { flag: '--send-at <when>', description: 'when it runs: an instant, a cron expression, or a phrase' },
  timeZone: { flag: '--time-zone <zone>', description: 'the zone of that time, like Europe/Berlin (default: the one it has)' },
  agent: { flag: '--agent <name>', description: 'who answers; empty: whoever answers in the channel', mayBeEmpty: true },
  model: {
    flag: '--model <provider/model>',
    description: 'the model that answers; empty: that of the channel',
    mayBeEmpty: true,
  },
  user: { flag: '-u, --user <id>', description: 'whose rights count; empty: nobody in particular', mayBeEmpty: true },
  allowConcurrency: { flag: '--allow-concurrency <yes>', description: 'true: it runs though its run before goes on; or false' },
  missed: { flag: '--missed <what>', description: 'a time that passed while kimaki was off: run (once, late) or skip' },
  json: { flag: '--json', description: 'tell as JSON how the task is then' },
} as const

export const taskEdit = defineCliCommand({
  usage: 'task edit <task>',
  description: 'change what a scheduled task says, when it runs, or how',
  examples: ['kimaki task edit t1a2b3c4d --send-at "0 8 * * 1-5" --time-zone Europe/Berlin'],
  options: OPTIONS,
  async run({ config, args: [named], options, print }) {
    const { askToChange, readId } = await import('../../scheduling/ask.ts')
    const id = readId(named)
    if (id instanceof Error) return id
    const edit = await editOf(options)
    if (edit instanceof Error) return edit
    const task = await askToChange(config, { kind: 'edit', id, edit })
    if (task instanceof Error) return task
    const { showTask } = await import('../../scheduling/shown.ts')
    showTask(print, { task, runs: [] }, options.json === true)
    return EXIT_OK
  },
  routes: {},
})

async function editOf(options: OptionValues<typeof OPTIONS>): Promise<TaskEdit | UsageError> {
  const { json: _json, ...given } = options
  if (Object.values(given).every((value) => value === undefined))
    return new UsageError({
      reason: 'Say what to change: --prompt, --send-at, --agent, --model, --user, --allow-concurrency or --missed.',
    })
  const { prompt, sendAt, timeZone, agent, model, user, allowConcurrency, missed } = given
  if (timeZone !== undefined && sendAt === undefined) return new UsageError({ reason: '--time-zone goes with --send-at.' })
  if (allowConcurrency !== undefined && !['true', 'false'].includes(allowConcurrency))
    return new UsageError({ reason: `--allow-concurrency must be true or false; it is "${allowConcurrency}".` })
  const { readModel, readUser } = await import('../../sending/wishes.ts')
  const { machineZone, readMissed } = await import('../../scheduling/ask.ts')
  const chosen = model === undefined ? undefined : model === '' ? 'none' : readModel(model)
  if (chosen instanceof Error) return chosen
  const userId = user === undefined || user === '' ? user : readUser(user)
  if (userId instanceof Error) return userId
  const afterwards = missed === undefined ? undefined : readMissed(missed)
  if (afterwards instanceof Error) return afterwards
  return {
    prompt,
    agent,
    model: chosen,
    userId,
    missed: afterwards,
    ...(allowConcurrency !== undefined && { overlaps: allowConcurrency === 'true' }),
    ...(sendAt !== undefined && { time: { sendAt, timeZone, machineZone: machineZone() } }),
  }
}
