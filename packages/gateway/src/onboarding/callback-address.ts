/** Where a person may be sent after the installation: https, or http on this very machine. Nowhere else, so that no link of ours leads astray. */
export function isCallback(address: string): boolean {
  const url = URL.parse(address)
  if (url === null || url.username !== '' || url.password !== '' || address.length > 2000) return false
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}

/** A query that is there already stays as it is. */
export function withGuild(address: string, guildId: string): string {
  const [before = '', hash] = address.split('#', 2)
  const joint = before.includes('?') ? '&' : '?'
  return `${before}${joint}guild_id=${guildId}${hash === undefined ? '' : `#${hash}`}`
}
