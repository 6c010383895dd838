/** Components as Discord takes them (Discord docs: Components > Component Reference). */
import {
  ComponentType,
  type APIContainerComponent,
  type APISeparatorComponent,
  type APITextDisplayComponent,
} from 'discord-api-types/v10'
import type { Component, Container } from '../../domain/conversation/posts/post.ts'

export const componentsOf = (components: readonly Component[]): readonly (APIContainerComponent | APITextDisplayComponent)[] =>
  components.map((component) => (component.kind === 'container' ? containerOf(component) : textDisplay(component.text)))

const containerOf = ({ components, color }: Container): APIContainerComponent => ({
  type: ComponentType.Container,
  components: components.map((one) => (one.kind === 'text' ? textDisplay(one.text) : SEPARATOR)),
  ...(color !== undefined && { accent_color: color }),
})

const textDisplay = (content: string): APITextDisplayComponent => ({ type: ComponentType.TextDisplay, content })

const SEPARATOR: APISeparatorComponent = { type: ComponentType.Separator }
