/** Which buttons open a modal, by their action, and what stands in it. A new one is a line here and a handler in the `buttons` of its feature. */
import { readButton } from '../../domain/conversation/posts/button.ts'
import type { Modal } from '../../domain/conversation/posts/modal.ts'

const MODALS: ReadonlyMap<string, Omit<Modal, 'id'>> = new Map([
  [
    'ask-deny-why',
    { title: 'Deny with a reason', label: 'What should the agent do instead?', placeholder: 'The agent reads this and goes on.' },
  ],
  ['ask-other', { title: 'Your own words', label: 'Answer', placeholder: 'The agent gets it as your answer.' }],
])

/** Undefined: a press of that button is an answer by itself. */
export function modalOf(customId: string): Modal | undefined {
  const { action, about } = readButton(customId)
  if (action === 'login-enter') return logInModal(customId, about)
  if (action === 'transcription-enter') return transcriptionModal(customId)
  if (action === 'upload-files') return filesModal(customId, about)
  const modal = MODALS.get(action)
  return modal && { id: customId, ...modal }
}

/** The button carries how many files the agent takes. */
function filesModal(id: string, about: string): Modal {
  const atMost = Math.min(10, Math.max(1, Number(/\/(\d+)$/.exec(about)?.[1] ?? 1)))
  const label = atMost === 1 ? 'One file for the agent' : `Up to ${atMost} files for the agent`
  return { id, title: 'Send files', label, placeholder: '', files: atMost }
}

/** The button carries how many questions of a plugin are answered, and whether a key or a code follows; the message above it says which. */
function logInModal(id: string, about: string): Modal {
  const [, count = '', last = ''] = /\/(\d?)([kc]?)$/.exec(about) ?? []
  const answers = Array.from({ length: Math.min(Number(count), 5) }, (_, index) => ({
    label: `Answer ${index + 1}`,
    isOptional: true as const,
  }))
  const secrets = [...answers, ...(last === 'k' ? [{ label: 'API key' }] : last === 'c' ? [{ label: 'Code' }] : [])]
  return { id, title: 'Log in', label: '', placeholder: '', secrets }
}

function transcriptionModal(id: string): Modal {
  const secrets = [{ label: 'API key of OpenAI or Gemini' }, { label: 'Address, for another server', isOptional: true as const }]
  return { id, title: 'Voice messages', label: '', placeholder: '', secrets }
}
