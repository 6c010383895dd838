/** Names of files as somebody else gave them. */

/** Nothing but its harmless letters; it names no folder and is not hidden. */
export const safeName = (name: string): string =>
  name
    .replaceAll(/[^\w.-]+/g, '_')
    .slice(-60)
    .replace(/^\.+/, '') || 'file'
