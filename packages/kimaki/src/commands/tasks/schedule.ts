/**
 * `/schedule` makes a task: it is on record, and rests, until the person has seen its next times and pressed the button.
 *
 *     invoked ─▶ a task that rests ─▶ preview ─┬─ Schedule ─▶ it is active
 *                                              └─ Cancel ───▶ it is deleted
 */
import { UsageError } from '../../base/errors.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { CommandAnswer, CommandWork } from '../../domain/conversation/command.ts'
import { plain, REASON_MAX } from '../../view/text/notice.ts'
import { previewText } from '../../view/text/task.ts'
import type { Outside, SlashCommand } from '../declaration.ts'

const PREVIEWED = 3

export const schedule: SlashCommand = {
  name: 'schedule',
  description: 'Ask the agent something later, or again and again (task, cron, remind, timer)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  decidesUnread: true,
  options: [
    {
      kind: 'string',
      name: 'when',
      description: 'An instant, a cron expression, or a phrase like "tomorrow 9:00"',
      required: true,
    },
    { kind: 'string', name: 'prompt', description: 'What the agent is to do, or what you are reminded of', required: true },
    { kind: 'string', name: 'zone', description: 'The time zone of that time, like Europe/Berlin', required: false },
    { kind: 'boolean', name: 'remind', description: 'Only remind me: the agent is not asked', required: false },
  ],
  run: ({ thread, channelId }, { options }) => ({
    work: {
      when: String(options['when'] ?? ''),
      prompt: String(options['prompt'] ?? ''),
      zone: options['zone'] ?? null,
      remind: options['remind'] === true,
      channel: channelId,
      thread: thread.kind === 'open' ? thread.id : null,
    },
  }),
  work,
  buttons: {
    'schedule-confirm': (about) => ({ work: { kind: 'resume', id: about } }),
    'schedule-drop': (about) => ({ work: { kind: 'delete', id: about } }),
  },
}

async function work(
  { tasks }: Outside,
  { asker, args, isRetry }: CommandWork & { readonly isRetry: boolean },
): Promise<CommandAnswer> {
  const { kind, id, when, prompt, zone, remind, channel, thread } = args
  if (kind === 'resume' || kind === 'delete') {
    const done = await tasks.change({ kind, id: String(id) })
    if (done instanceof UsageError && !isRetry) return refused(done)
    return { reply: kind === 'delete' ? '⬦ not scheduled' : `✓ scheduled: task \`${String(id)}\`. \`/tasks\` shows it.` }
  }
  const wanted = {
    requestId: asker.id,
    prompt: String(prompt),
    when: String(when),
    userId: asker.userId,
    notifyOnly: remind === true,
  }
  const target =
    typeof thread === 'string'
      ? ({ kind: 'thread', threadId: thread } as const)
      : ({ kind: 'channel', channelId: String(channel), name: undefined } as const)
  const task = await tasks.draft({ ...wanted, target, zone: typeof zone === 'string' ? zone : undefined })
  if (task instanceof UsageError) return refused(task)
  return {
    reply: {
      text: previewText(task, await tasks.times(task, PREVIEWED)),
      buttons: [button('schedule-confirm', task.id, 'Schedule'), button('schedule-drop', task.id, 'Cancel')],
    },
  }
}

const refused = (error: UsageError): CommandAnswer => ({
  reply: `✗ not scheduled: ${plain(error.message.replaceAll('--time-zone', 'zone:'), REASON_MAX)}`,
})
