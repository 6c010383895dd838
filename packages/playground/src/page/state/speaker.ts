/** Whom this tab speaks as, also after a reload. */
import type { Hello, Member } from '../../wire.ts'

let chosen = sessionStorage.getItem('speaker') ?? ''

/** You, until somebody else is chosen. */
export function speakerOf({ cast, you }: Hello): Member {
  return cast.find(({ id }) => id === chosen) ?? cast.find(({ id }) => id === you.id) ?? { ...you, kind: 'person', note: '' }
}

/** For the server, which takes nothing for you. */
export const speakerId = (): string | undefined => chosen || undefined

export function speakAs(id: string): void {
  chosen = id
  sessionStorage.setItem('speaker', id)
}
