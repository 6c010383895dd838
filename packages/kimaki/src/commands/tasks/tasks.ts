/** `/tasks`: scheduled tasks of the project, when each runs next and how its last run ended; runs, pauses, resumes and deletes one. */
import { timeOfSnowflake } from '../../base/ids.ts'
import { taskName } from '../../domain/schedule/task.ts'
import { UsageError } from '../../base/errors.ts'
import { plain, REASON_MAX } from '../../view/text/notice.ts'
import { tasksText } from '../../view/text/task.ts'
import type { SlashCommand } from '../declaration.ts'

const CHOICES_MAX = 25
const CHOICE_MAX = 90
const DONE = {
  run: '✓ it runs now; the channel tells what becomes of it',
  pause: '✓ it rests until it is resumed',
  resume: '✓ it goes on with its next time',
  delete: '✓ it is deleted; a run that has begun goes on',
} as const

export const tasks: SlashCommand = {
  name: 'tasks',
  description: 'Scheduled tasks: when each runs next, and how its last run ended (cron, schedule, reminders)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  decidesUnread: true,
  options: [
    {
      kind: 'string',
      name: 'do',
      description: 'Show them (default), or do something to one of them',
      required: false,
      choices: [
        { name: 'list: those of this project', value: 'list' },
        { name: 'all: those of this server', value: 'all' },
        { name: 'run: one of them, now', value: 'run' },
        { name: 'pause: let one rest', value: 'pause' },
        { name: 'resume: let one go on', value: 'resume' },
        { name: 'delete: one for good', value: 'delete' },
      ],
    },
    { kind: 'string', name: 'task', description: 'Which one', required: false, autocomplete: true },
  ],
  run: ({ channelId }, { options }) => ({
    work: { do: options['do'] ?? 'list', task: String(options['task'] ?? ''), channel: channelId },
  }),
  async work({ tasks: keeper }, { asker, args, isRetry }) {
    const known = await keeper.list(asker.guildId)
    const deed = String(args['do'])
    if (deed === 'list' || deed === 'all')
      return { reply: tasksText(known.filter(({ task }) => deed === 'all' || task.channelId === args['channel'])) }
    const id = String(args['task'])
    if (!known.some(({ task }) => task.id === id))
      return {
        reply: isRetry && deed === 'delete' ? DONE.delete : '✗ there is no such task: choose one of those that `task` proposes',
      }
    const kind = deed as keyof typeof DONE
    const done = kind === 'run' ? await keeper.runNow(id, timeOfSnowflake(asker.id)) : await keeper.change({ kind, id })
    return { reply: done instanceof UsageError && !isRetry ? `✗ ${plain(done.message, REASON_MAX)}` : DONE[kind] }
  },
  proposes: {
    async task({ tasks: keeper }, { typed, guildId }) {
      const known = await keeper.list(guildId)
      return known
        .map(({ task }) => ({ name: `${taskName(task)} (${task.id}, ${task.state})`.slice(0, CHOICE_MAX), value: task.id }))
        .filter(({ name }) => name.includes(typed.trim()))
        .slice(0, CHOICES_MAX)
    },
  },
}
