export interface Verdict {
  readonly findings: readonly Finding[]
  /** Persons' messages that expect an answer, and how they ended; what is in none of the three is lost. */
  readonly messages: number
  readonly answered: number
  readonly interrupted: number
  readonly told: number
}

export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'disordered' | 'crossed'
  readonly messageId?: string
  readonly tag?: string
  readonly token?: string
  /** A sentence for a person. */
  readonly detail: string
}

/** The verdict as text: one line of counts, then one line for each finding. */
export function summarise({ findings, messages, answered, interrupted, told }: Verdict): string {
  const counts = `${messages} messages: ${answered} answered, ${interrupted} interrupted, ${told} told`
  if (findings.length === 0) return `${counts}; nothing lost, doubled, out of order or crossed.`
  return [
    `${counts}; ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}:`,
    ...findings.map(({ kind, detail }) => `- ${kind}: ${detail}`),
  ].join('\n')
}

/** A message's text within a sentence: one line, not too long. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim()
  return `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`
}
