/** Why a press on the card of an ask does nothing: the person who pressed is told. Pure. */
import { isBlank } from '../../../../base/text.ts'
import type { Feature, FeatureChange } from '../../feature.ts'
import { tellPresser, type PressOver } from '../../reply.ts'
import type { ButtonPress } from '../../request.ts'
import type { AskEnd, KnownAsk } from './ask.ts'

export type PressOnAsk =
  /** Somebody, or something, was faster. */
  | { readonly kind: 'ended'; readonly ask: KnownAsk; readonly end: AskEnd }
  /** It is open, but not for this: another question is asked by now, or the card shows other options. */
  | { readonly kind: 'changed' }
  /** A modal without words. */
  | { readonly kind: 'no-words' }

type Handlers<Slice> = NonNullable<Feature<Slice>['buttons']>

/** The same buttons; of a press that changes nothing its person is told why. `meant`: the ask whose words stood on the card. */
export const telling = <Slice>(
  meant: (slice: Slice, about: string) => KnownAsk | undefined,
  buttons: Handlers<Slice>,
): Handlers<Slice> =>
  Object.fromEntries(
    Object.entries(buttons).map(([action, handle]) => [
      action,
      (slice, about, press, state): FeatureChange<Slice> => {
        const change = handle(slice, about, press, state)
        if (change.slice !== slice) return change
        return { ...change, actions: tellPresser(press, whyVoid(meant(slice, about), press)) }
      },
    ]),
  ) satisfies Handlers<Slice>

function whyVoid(ask: KnownAsk | undefined, { words }: ButtonPress): PressOver | PressOnAsk {
  if (!ask) return { kind: 'over' }
  const { phase } = ask
  if (phase.kind === 'open') return words !== undefined && isBlank(words) ? { kind: 'no-words' } : { kind: 'changed' }
  return { kind: 'ended', ask, end: phase.kind === 'answering' ? phase.answer : phase.end }
}
