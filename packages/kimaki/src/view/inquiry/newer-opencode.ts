/** What follows from an OpenCode of the next generation on the same data: it keeps its sessions and log-ins in tables of its own. */
export const BESIDE_NEWER = {
  found: 'OpenCode 2 was used on the same data: it shows no session that Kimaki opens, and a log-in made there is not known here',
  fix: 'Log in with `/login` in Discord, or with the OpenCode that comes with Kimaki, and read sessions of Kimaki with that one.',
} as const

export const besideNewerText = `⬦ ${BESIDE_NEWER.found}\n${BESIDE_NEWER.fix}`
