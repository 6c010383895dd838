/** PLACEHOLDER until the grammar is merged. */
export type Intent =
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'queue'; readonly text: string }
  | { readonly kind: 'btw'; readonly text: string }
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'command'; readonly name: string; readonly args: string; readonly queue: boolean }

export function intentOf(text: string, _isCommand: (name: string) => boolean): Intent {
  const match = /^([^]*)[.!?,;:]\s*queue\.?\s*$/i.exec(text)
  return match ? { kind: 'queue', text: (match[1] ?? '').trimEnd() } : { kind: 'prompt', text }
}
