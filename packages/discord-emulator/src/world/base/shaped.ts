/**
 * Plain JSON under the name the type package gives it. Those types have enums where we write Discord's numbers; whether the shape is
 * right is asked of Discord's own schemas (see `conformance`), not of the compiler.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the parameter names the result: it is a cast, in one place
export function shaped<Shape>(json: object): Shape {
  return json as Shape
}
