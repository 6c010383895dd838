/** Tokens mark answers: `⟦t000123⟧` stands nowhere but in the text of the one answer it was given to. */
export function tokenOf(number: number): string {
  return `⟦t${String(number).padStart(6, '0')}⟧`
}

export function tokensIn(text: string): readonly string[] {
  return text.match(/⟦t\d{6,}⟧/gu) ?? []
}

/** A text of several lines gets the token as a paragraph of its own, so that a closing fence or a table row stays whole. */
export function withToken(text: string, token: string): string {
  if (text === '') return token
  return text.includes('\n') ? `${text.trimEnd()}\n\n${token}` : `${text} ${token}`
}
