/** Menus of any length, as pages of 25 with buttons that turn them. */
import { cut } from '../base/text.ts'
import type { Button, MessageContent, Select } from '../domain/conversation/posts/post.ts'

type Options = Select['options']
export type Menu = Pick<MessageContent, 'select' | 'buttons'>

/** Discord docs: String Select. */
export const PAGE_SIZE = 25
const LABEL_MAX = 100

/** The page, or the last one where there are not so many any more. */
export function paged(
  { id, placeholder, options }: Pick<Select, 'id' | 'placeholder' | 'options'>,
  wanted: number,
  turning: (page: number, label: string) => Button,
): Menu {
  const last = Math.max(Math.ceil(options.length / PAGE_SIZE) - 1, 0)
  const page = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 0), last) : 0
  const shown = options.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
  const which = last > 0 ? ` (${page + 1} of ${last + 1})` : ''
  return {
    ...(shown.length > 0 && { select: select(id, placeholder + which, shown) }),
    buttons: [...(page > 0 ? [turning(page - 1, 'Back')] : []), ...(page < last ? [turning(page + 1, 'Next')] : [])],
  }
}

export const select = (id: string, placeholder: string, options: Options): Select => ({
  id,
  placeholder,
  options,
  atLeast: 1,
  atMost: 1,
})

export const option = (value: string, label: string, description = ''): Options[number] => ({
  value,
  label: cut(label, LABEL_MAX) || '?',
  ...(description !== '' && { description: cut(description, LABEL_MAX) }),
})
