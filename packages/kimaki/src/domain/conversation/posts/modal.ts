/**
 * Modals: forms that the press of a button opens (Discord docs: Modals). Discord wants the modal itself as the answer to the press, so such
 * a press is on no record and asks nothing of the conversation. What a person sends comes as a press of the same button, with their words:
 * the modal has the button's own id, and its feature has one handler for both (`Feature.buttons`). `view/asks/modals.ts` says which buttons open one.
 */
export interface Modal {
  /** The id of the button that was pressed, signed as it was. */
  readonly id: string
  /** At most 45 characters. */
  readonly title: string
  /** How many files are to be sent instead of words: 1 to 10. */
  readonly files?: number
  /** What is to be written or sent, at most 45 characters. */
  readonly label: string
  /** At most 100 characters. */
  readonly placeholder: string
  /** What is written is a secret: it goes on no record (`app/unrecorded-words.ts`). Its fields, in place of `label`: 1 to 5, one line each. */
  readonly secrets?: readonly SecretField[]
}

export interface SecretField {
  /** At most 45 characters. */
  readonly label: string
  readonly isOptional?: true
}

/** Characters of what a person writes in it. Discord allows 4000; of a reply to a card it allows 2000. */
export const MODAL_TEXT_MAX = 2000
