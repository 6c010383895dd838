/** The little that is needed to make and to renew elements. */

type Child = Node | string | undefined | false

/** An element; attributes that are undefined are left out, texts become text nodes. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== undefined && child !== false))
  return element
}

/** The one element that `index.html` has under this selector. */
export function find<Tag extends keyof HTMLElementTagNameMap>(selector: string, tag: Tag): HTMLElementTagNameMap[Tag]
export function find(selector: string): HTMLElement
export function find(selector: string, tag = ''): HTMLElement {
  const element = document.querySelector<HTMLElement>(tag + selector)
  if (!element) throw new Error(`The page has no ${tag}${selector}`)
  return element
}

export interface Item {
  readonly key: string
  /** The element is made anew when this changes, else kept: with its focus, its selection and its scroll position. */
  readonly signature: string
  readonly make: () => HTMLElement
}

/** Makes the parent show exactly these items, in this order. */
export function show(parent: HTMLElement, items: readonly Item[]): void {
  const kept = new Map([...parent.children].map((child) => [child.getAttribute('data-key'), child]))
  let previous: Element | undefined
  for (const { key, signature, make } of items) {
    const old = kept.get(key)
    const fits = old !== undefined && signatures.get(old) === signature
    const element = fits ? old : make()
    if (!fits) {
      element.setAttribute('data-key', key)
      signatures.set(element, signature)
      if (old) replaceFocused(old, element)
    }
    kept.delete(key)
    const place = previous ? previous.nextElementSibling : parent.firstElementChild
    if (place !== element) parent.insertBefore(element, place)
    previous = element
  }
  for (const child of kept.values()) child.remove()
}

/** The same control of the new element takes the focus of the old one; where it is gone, the field one writes in. */
function replaceFocused(old: Element, element: Element): void {
  const focused = old.contains(document.activeElement) ? document.activeElement : null
  old.replaceWith(element)
  if (!focused || focused instanceof HTMLTextAreaElement) return
  const isSame = (one: Element) => one.localName === focused.localName && one.textContent === focused.textContent
  const same = [element, ...element.querySelectorAll('*')].find(isSame) ?? document.querySelector('#composer-text')
  if (same instanceof HTMLElement) same.focus()
}

const signatures = new WeakMap<Element, string>()
