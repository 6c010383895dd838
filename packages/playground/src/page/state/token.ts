/** The token of this start: it stands in the address that the terminal shows, and then in this tab. */

/** Takes it out of the address, where it would be seen and shared. Undefined in a tab that was opened by another way. */
export function tokenOfTab(): string | undefined {
  const shown = tokenIn(location.hash)
  if (shown !== undefined) {
    sessionStorage.setItem(KEY, shown)
    history.replaceState(undefined, '', '#/')
  }
  return shown ?? sessionStorage.getItem(KEY) ?? undefined
}

/** The address of another start was opened in this tab: to a browser that is only a move within the page. */
export function renewOnNewToken(): void {
  addEventListener('hashchange', () => {
    if (tokenIn(location.hash) !== undefined) location.reload()
  })
}

const tokenIn = (hash: string): string | undefined => /^#token=([\w-]+)$/.exec(hash)?.[1]

/** The storage belongs to this origin, port included, and to this tab. */
const KEY = 'token'
