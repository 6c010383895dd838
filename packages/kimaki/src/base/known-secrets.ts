/** Which values of an environment are secret, and which values of a configuration look as if they were. Pure. */

/** Values of variables that hold keys by their name, and passwords of addresses. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, whole]) => {
    const value = whole?.trim() ?? ''
    const found = HOLDS_A_KEY.test(name) && looksSecret(value) ? [value] : []
    return [...found, ...passwordIn(value)]
  })
}

/** No plain word, path or address: a word that stood for a key would go missing in everything that is said. */
export const looksSecret = (value: string): boolean =>
  value.length >= SHORTEST &&
  !/^(?:[~.]{0,2}\/|\w+:\/\/)/.test(value) &&
  ((/\d/.test(value) && /[a-z]/i.test(value)) || value.length >= SURELY)

/** `scheme://user:password@host`, as it stands and decoded. */
function passwordIn(value: string): readonly string[] {
  const password = /^[\w+.-]{1,32}:\/\/[^\s/@:]{0,256}:([^\s/@]{1,512})@/.exec(value)?.[1] ?? ''
  return password.length < SHORTEST ? [] : [password, decoded(password)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const HOLDS_A_KEY = /(?:key|token|secret|password|passwd|passphrase|credentials?|(?:^|_)pat)(?:_|$)/i
const SHORTEST = 8
const SURELY = 20
