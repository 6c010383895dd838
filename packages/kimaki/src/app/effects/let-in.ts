/**
 * Lets in one message of somebody who may not speak: an inbox row, as the intake would have written it. Discord is asked for the message
 * first, since the bot may not have heard of an edit, or of its author's new roles.
 */
import { ChatGone, ChatUnknown } from '../../base/errors.ts'
import { may } from '../../domain/access.ts'
import type { LetIn, LetInOutcome } from '../../domain/conversation/features/talk/guests.ts'
import type { CatchUpPage } from '../../ports/chat.ts'
import { guestUnreadText } from '../../view/text/notice.ts'
import { acceptedIn } from './begin-conversation.ts'
import { defineEffect, type EffectDeps } from './definition.ts'

const ATTEMPTS = 5

const keyOf = ({ message }: LetIn): string => `discord:${message.id}`

export const letIn = defineEffect<LetIn, LetInOutcome>({
  kind: 'let-in',
  afterCrash: { by: 'probe', why: 'the inbox row of the message is looked for first, and its key allows no second one' },
  proof: { points: ['let-in-before-commit', 'let-in-after-commit', 'let-in-outcome-before-commit'] },
  access: ({ press: { id, userId, guildId } }) => ({ requestId: `press:${id}`, guildId, userId, always: true }),
  isDone: async (deps, effect) => (await acceptedIn(deps, keyOf(effect))) !== undefined,
  async run(deps, effect) {
    if ((await acceptedIn(deps, keyOf(effect))) !== undefined) return { kind: 'let-in' }
    const found = await now(deps, effect)
    if ('kind' in found) return found
    const { message, access } = found
    if (message.editedAt !== effect.message.editedAt) return { kind: 'edited', message }
    if (!may('be-let-in', access) && !may('speak', access)) return { kind: 'kept-out' }
    const { conversation } = effect
    const rows = await deps.commits.commit({
      accept: [{ key: keyOf(effect), request: { kind: 'message', message: effect.message }, conversation, at: deps.clock.now() }],
    })
    for (const row of rows) deps.accept(row)
    return { kind: 'let-in' }
  },
})

type Found = CatchUpPage['messages'][number]

/** The message as Discord shows it now, and who its author is now. */
async function now({ chat, retry }: EffectDeps, { message }: LetIn): Promise<Found | LetInOutcome> {
  return retry.until(async (failures): Promise<Found | LetInOutcome | undefined> => {
    const page = await chat.readAfter(message.channelId, String(BigInt(message.id) - 1n))
    if (page instanceof ChatGone) return { kind: 'gone' }
    if (!(page instanceof Error)) return page.messages.find((found) => found.message.id === message.id) ?? { kind: 'gone' }
    if (page instanceof ChatUnknown && failures + 1 < ATTEMPTS) return undefined
    return { kind: 'failed', text: guestUnreadText(String(page.reason)) }
  })
}
