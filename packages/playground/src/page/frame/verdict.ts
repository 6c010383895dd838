/** What became of all that was written: one line in the status bar, and a click away what makes it fail. */
import type { Finding, Verdict } from '../../wire.ts'
import { find, h, show } from '../base/dom.ts'
import { counted } from '../base/format.ts'
import { placeLink } from '../base/place.ts'
import type { Picture } from '../state/picture.ts'

export interface VerdictView {
  show(picture: Picture): void
}

export function createVerdictView(): VerdictView {
  const [button, words, what] = [find('#verdict'), find('#verdict-words'), find('#proof-what')]
  const findings = find('#findings')
  let shown: Verdict | undefined
  findings.addEventListener('click', (event) => {
    if (event.target instanceof HTMLAnchorElement) find('#proof').hidePopover()
  })
  return {
    show(picture) {
      const { verdict } = picture
      if (verdict === shown) return
      shown = verdict
      button.dataset['holds'] = String(verdict.findings.length === 0)
      words.replaceChildren(...counts(verdict).map(([text, isBad]) => h('span', isBad ? { class: 'bad' } : {}, text)))
      what.textContent = sentence(verdict)
      show(
        findings,
        verdict.findings.map((finding, index) => ({
          key: String(index),
          signature: JSON.stringify(finding),
          make: () => findingElement(finding, picture),
        })),
      )
    },
  }
}

function counts({
  written,
  answered,
  atWork,
  lost,
  doubled,
  misplaced,
  kills,
}: Verdict): readonly (readonly [string, boolean])[] {
  return [
    [`${written} written`, false],
    [`${answered} answered`, false],
    ...(atWork > 0 ? [[`${atWork} at work`, false] as const] : []),
    [`${lost} lost`, lost > 0],
    [`${doubled} doubled`, doubled > 0],
    ...(misplaced > 0 ? [[`${misplaced} misplaced`, true] as const] : []),
    [counted(kills, 'kill'), false],
  ]
}

function sentence({ written, answered, atWork, findings }: Verdict): string {
  if (findings.length > 0) return `It fails: ${counted(findings.length, 'finding')}.`
  if (written === 0) return 'Nothing was written yet. Each message to the agent is counted here.'
  const rest = atWork > 0 ? `, ${atWork} still at work` : ''
  return `It holds: of ${counted(written, 'message')} to the agent ${answered} ${answered === 1 ? 'has its' : 'have their'} end in the right thread${rest}. Nothing is lost, doubled, out of order or in a wrong thread.`
}

function findingElement({ kind, placeId, words, detail }: Finding, { scene }: Picture): HTMLElement {
  const place = [...scene.threads, ...scene.channels].find(({ id }) => id === placeId)
  return h(
    'li',
    {},
    h('b', { class: 'kind' }, NAMES[kind]),
    h('q', {}, words.slice(0, 120)),
    place && h('a', { href: placeLink(place.id) }, `in ${place.name}`),
    h('small', {}, detail),
  )
}

const NAMES: Readonly<Record<Finding['kind'], string>> = {
  lost: 'lost',
  doubled: 'doubled',
  disordered: 'out of order',
  crossed: 'wrong thread',
}
