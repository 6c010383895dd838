/** The modal of a callback (docs: Interactions > Modal; Components > Component Reference). */
import { LIMITS } from '../../rules/limits.ts'
import { readModalComponents } from './component-body.ts'
import type { Form } from './form.ts'

export function readModal(form: Form): Readonly<Record<string, unknown>> {
  const modal = {
    custom_id: form.text('custom_id', { min: 1, max: LIMITS.customId, required: true }),
    title: form.text('title', { min: 1, max: LIMITS.modalTitle, required: true }),
    components: readModalComponents(form),
  }
  form.check()
  return modal
}
