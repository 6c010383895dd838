/** Where the reader is: `#/<id of a channel or thread>`, or `#/` for the list of places (which wide screens show anyway). */

export function currentPlace(): string | undefined {
  const id = /^#\/(\d+)$/.exec(location.hash)?.[1]
  return id
}

export function go(placeId: string): void {
  location.hash = placeLink(placeId)
}

export const placeLink = (placeId: string): string => `#/${placeId}`

/** Without an entry in the history: for the place one begins with. */
export function beginAt(placeId: string): void {
  history.replaceState(undefined, '', placeLink(placeId))
}

export function onMove(listener: () => void): void {
  addEventListener('hashchange', listener)
}
