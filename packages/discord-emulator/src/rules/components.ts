/** What Discord asks of each type of component, as data (docs: Components > Component Reference). */
import { COMPONENT as C } from './types.ts'

interface Bounds {
  readonly min?: number
  readonly max: number
  readonly required?: boolean
}

interface Children {
  /** The field that holds them: a list, or a single component. */
  readonly field: 'components' | 'accessory' | 'component'
  readonly of: readonly number[]
  readonly min: number
  readonly max: number
}

export interface ComponentRule {
  readonly name: string
  readonly texts?: Readonly<Record<string, Bounds>>
  readonly integers?: Readonly<Record<string, Bounds>>
  readonly children?: readonly Children[]
  /** A field of `{ url }` objects: one, or a list. */
  readonly media?: { readonly field: 'media' | 'file' }
}

const SELECTS = [C.stringSelect, C.userSelect, C.roleSelect, C.mentionableSelect, C.channelSelect]
const IN_CONTAINER = [C.actionRow, C.section, C.textDisplay, C.mediaGallery, C.file, C.separator]

/** What may stand at the top: of a message, of one with IS_COMPONENTS_V2, of a modal. */
export const TOP_LEVEL = {
  rows: [C.actionRow],
  layout: [...IN_CONTAINER, C.container],
  modal: [C.actionRow, C.label, C.textDisplay],
} as const satisfies Readonly<Record<string, readonly number[]>>

const customId: Readonly<Record<string, Bounds>> = { custom_id: { min: 1, max: 100, required: true } }
const select: ComponentRule = {
  name: 'select',
  texts: { ...customId, placeholder: { max: 150 } },
  integers: { min_values: { min: 0, max: 25 }, max_values: { min: 1, max: 25 } },
}
const options = (min: number): ComponentRule => ({
  name: 'group',
  texts: customId,
  integers: { min_values: { min: 0, max: 10 }, max_values: { min, max: 10 } },
})

export const COMPONENTS: Readonly<Record<number, ComponentRule>> = {
  [C.actionRow]: {
    name: 'action row',
    children: [{ field: 'components', of: [C.button, ...SELECTS, C.textInput], min: 1, max: 5 }],
  },
  [C.button]: { name: 'button', texts: { custom_id: { min: 1, max: 100 }, label: { max: 80 }, url: { min: 1, max: 512 } } },
  [C.stringSelect]: { ...select, name: 'string select' },
  [C.userSelect]: { ...select, name: 'user select' },
  [C.roleSelect]: { ...select, name: 'role select' },
  [C.mentionableSelect]: { ...select, name: 'mentionable select' },
  [C.channelSelect]: { ...select, name: 'channel select' },
  [C.textInput]: {
    name: 'text input',
    texts: { ...customId, label: { min: 1, max: 45 }, value: { max: 4000 }, placeholder: { max: 100 } },
    integers: {
      style: { min: 1, max: 2, required: true },
      min_length: { min: 0, max: 4000 },
      max_length: { min: 1, max: 4000 },
    },
  },
  [C.section]: {
    name: 'section',
    children: [
      { field: 'components', of: [C.textDisplay], min: 1, max: 3 },
      { field: 'accessory', of: [C.button, C.thumbnail], min: 1, max: 1 },
    ],
  },
  [C.textDisplay]: { name: 'text display', texts: { content: { min: 1, max: 4000, required: true } } },
  [C.thumbnail]: { name: 'thumbnail', texts: { description: { max: 1024 } }, media: { field: 'media' } },
  [C.mediaGallery]: { name: 'media gallery' },
  [C.file]: { name: 'file', media: { field: 'file' } },
  [C.separator]: { name: 'separator', integers: { spacing: { min: 1, max: 2 } } },
  [C.container]: {
    name: 'container',
    integers: { accent_color: { min: 0, max: 0xff_ff_ff } },
    children: [{ field: 'components', of: IN_CONTAINER, min: 1, max: 40 }],
  },
  [C.label]: {
    name: 'label',
    texts: { label: { min: 1, max: 45, required: true }, description: { max: 100 } },
    children: [
      {
        field: 'component',
        of: [C.textInput, ...SELECTS, C.fileUpload, C.radioGroup, C.checkboxGroup, C.checkbox],
        min: 1,
        max: 1,
      },
    ],
  },
  [C.fileUpload]: {
    name: 'file upload',
    texts: customId,
    integers: { min_values: { min: 0, max: 10 }, max_values: { min: 1, max: 10 } },
  },
  [C.radioGroup]: options(1),
  [C.checkboxGroup]: options(1),
  [C.checkbox]: { name: 'checkbox', texts: customId },
}

/** Options of a string select, a radio group and a checkbox group: how many, and their texts. */
export const OPTION_LISTS: Readonly<Record<number, { readonly min: number; readonly max: number }>> = {
  [C.stringSelect]: { min: 1, max: 25 },
  [C.radioGroup]: { min: 2, max: 10 },
  [C.checkboxGroup]: { min: 1, max: 10 },
}

export const OPTION_TEXTS: Readonly<Record<string, Bounds>> = {
  label: { min: 1, max: 100, required: true },
  value: { min: 1, max: 100, required: true },
  description: { max: 100 },
}
