/** Elements, made with text and never with markup: what stands in a file stays text. */
type Given = Readonly<Record<string, string | number | boolean | undefined>>

/** `given`: attributes; one that is false or undefined is left out, one that is true is empty. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Given = {},
  ...within: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  element.append(...within)
  return element
}

/** A button that does it. */
export function button(label: string, given: Given, onPress: () => void): HTMLButtonElement {
  const element = make('button', { type: 'button', ...given }, label)
  element.addEventListener('click', onPress)
  return element
}
