/** The tool `kimaki_action_buttons`: what an agent asks for is checked again here, and becomes an inbox row under the id of its call. */
import { cut, oneLine, stripControl } from '../../base/text.ts'
import { UsageError } from '../../base/errors.ts'
import type { OfferedButton } from '../../domain/conversation/request.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { Acceptance } from '../../ports/store.ts'

/** Discord's limit of a label, and what fits in a row on a phone. */
const LABEL_MAX = 80
const BUTTONS_MAX = 3

export function prepareButtons(
  {
    state,
    session,
    call,
    args,
  }: { readonly state: Conversation; readonly session: string; readonly call: string; readonly args: unknown },
  at: number,
): Acceptance | UsageError {
  const buttons = readButtons(args)
  if (buttons instanceof Error) return buttons
  const { id, guildId, channelId, directory } = state
  return {
    key: `buttons:${session}:${call}`,
    request: { kind: 'action-buttons', call: `${session}/${call}`, buttons },
    conversation: { id, guildId, channelId, directory, inThread: true },
    at,
  }
}

/** What is no label is dropped; a color that does not exist is white. */
export function readButtons(args: unknown): readonly OfferedButton[] | UsageError {
  const { buttons } = (typeof args === 'object' && args !== null ? args : {}) as { readonly buttons?: unknown }
  const read = (Array.isArray(buttons) ? (buttons as readonly unknown[]) : []).flatMap((one): readonly OfferedButton[] => {
    const { label, color } = (typeof one === 'object' && one !== null ? one : {}) as {
      readonly label?: unknown
      readonly color?: unknown
    }
    const text = typeof label === 'string' ? cut(oneLine(stripControl(label.toWellFormed())).trim(), LABEL_MAX) : ''
    return text === '' ? [] : [{ label: text, color: COLORS.find((known) => known === color) ?? 'white' }]
  })
  if (read.length > 0 && read.length <= BUTTONS_MAX) return read
  const why = read.length === 0 ? 'none has a label' : `there are ${read.length}`
  return new UsageError({ reason: `No buttons were shown: ${why}. Give one to ${BUTTONS_MAX}, each with a short label.` })
}

const COLORS: readonly OfferedButton['color'][] = ['white', 'blue', 'green', 'red']
