/** `/model-variant` chooses how much the model that answers here thinks. The menus are those of `/model`. */
import type { SlashCommand } from '../declaration.ts'
import { work } from './model.ts'

export const modelVariant: SlashCommand = {
  name: 'model-variant',
  description: 'How much the model that answers here thinks (reasoning, effort, thinking level)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [],
  run: () => ({ work: { step: 'current' } }),
  work,
}
