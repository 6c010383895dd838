/** What an end means to whoever started us: the wrapper, a service manager, a script. 64 and 75 as in sysexits.h. */

export const EXIT_OK = 0
export const EXIT_FAILURE = 1
/** Wrong use or set-up: starting again without a change is of no use. */
export const EXIT_USAGE = 64
/** Something outside fails for now: worth starting again, however often. */
export const EXIT_TEMPORARY = 75
/** Between the bot and its wrapper alone: told to start anew (SIGUSR2). */
export const EXIT_AGAIN = 100
