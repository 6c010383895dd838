/** Ephemeral messages that you have dismissed: gone from this tab, also after a reload. */

const dismissed = new Set<string>((sessionStorage.getItem('dismissed') ?? '').split(' '))

export const isDismissed = (messageId: string): boolean => dismissed.has(messageId)

export function dismiss(messageId: string): void {
  dismissed.add(messageId)
  sessionStorage.setItem('dismissed', [...dismissed].join(' '))
}
