/** Requests whose authors the intake has just looked at. */
import type { InboxRow } from '../../ports/store.ts'

/**
 * The intake has just looked at the rights of this message's author. Nobody did so for a program's request, and the row that begins a
 * conversation in a thread of its own may come long after the message.
 */
export function isCheckedByIntake(
  row: InboxRow,
): row is InboxRow & { readonly request: Extract<InboxRow['request'], { kind: 'message' }> } {
  const { request } = row
  return request.kind === 'message' && request.begins === undefined && request.message.author.kind === 'person'
}
