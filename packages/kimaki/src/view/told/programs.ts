/** Programs that the folder brings since a person looked last. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { programs, type NewPrograms } from '../../domain/conversation/features/told/programs.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { NAME_MAX, plain } from '../text/notice.ts'

const SHOWN = 8

export const programBlocks = (state: Conversation): readonly Block[] =>
  programs.of(state).map((found) => noticeBlock(blockKey('programs', found.during), textOf(found)))

function textOf({ programs: all }: NewPrograms): string {
  const more = all.length > SHOWN ? [`and ${all.length - SHOWN} more`] : []
  const named = [...all.slice(0, SHOWN).map((program) => plain(program, NAME_MAX)), ...more].join(', ')
  return `⬦ this folder brings programs that are new: ${named}\nOpenCode runs them as the user of the bot. If you do not know where they come from, stop the agent and look at them.`
}
