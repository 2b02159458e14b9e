// The type that a schema decodes to, as TypeScript. What is an export of its own goes by its name.
import * as AST from "effect/SchemaAST"

/** Tells the name of a type, by the schema that it came from or by how it looks. */
export type NameOf = (ast: AST.AST, look: string) => string | undefined

const nameless: NameOf = () => undefined

const key = (name: PropertyKey) => /^[A-Za-z_$][\w$]*$/.test(String(name)) ? String(name) : JSON.stringify(String(name))

const isNull = (ast: AST.AST) => AST.isLiteral(ast) && ast.literal === null

const alternatives = (ast: AST.AST): ReadonlyArray<AST.AST> =>
  AST.isUnion(ast) ? ast.types.flatMap(alternatives) : [ast]

// A field that is read leniently comes from a union of what is told of it and null.
const told = (ast: AST.AST) => {
  if (!AST.isUnion(ast)) return ast
  const [only, ...more] = ast.types.filter((type) => !isNull(type))
  return only !== undefined && more.length === 0 ? only : ast
}

interface Field {
  readonly name: PropertyKey
  readonly isOptional: boolean
  readonly type: AST.AST
}

// What a field is decoded from still knows which schema it is; what it is decoded to may not.
const knowing = (field: Field, from: AST.AST): Field => {
  const source = AST.isTypeLiteral(from) ? from.propertySignatures.find(({ name }) => name === field.name) : undefined
  if (source === undefined) return field
  const type = told(source.type)
  return look(type) === look(field.type) ? { ...field, type } : field
}

interface Shape {
  readonly fields: ReadonlyArray<Field>
  readonly indices: ReadonlyArray<AST.IndexSignature>
}

const shapeOf = (ast: AST.AST): Shape | undefined => {
  if (AST.isRefinement(ast)) return shapeOf(ast.from)
  if (AST.isTypeLiteral(ast)) return { fields: ast.propertySignatures, indices: ast.indexSignatures }
  const to = AST.isTransformation(ast) ? shapeOf(ast.to) : undefined
  if (to === undefined || !AST.isTransformation(ast)) return undefined
  return { ...to, fields: to.fields.map((field) => knowing(field, ast.from)) }
}

/** The members of an object, one by one. */
export const membersOf = (ast: AST.AST, nameOf: NameOf): ReadonlyArray<string> | undefined => {
  const shape = shapeOf(ast)
  return shape && [
    ...shape.fields.map(({ isOptional, name, type }) =>
      `readonly ${key(name)}${isOptional ? "?" : ""}: ${print(type, nameOf)}`
    ),
    ...shape.indices.map(({ parameter, type }) =>
      `readonly [name: ${print(parameter, nameOf)}]: ${print(type, nameOf)}`
    )
  ]
}

const literal = (value: AST.LiteralValue) => typeof value === "bigint" ? `${value}n` : JSON.stringify(value)

const shownChoices = 12
const tooManyChoices = 24

// Of very many choices the first show what they are like.
const choicesOf = (literals: ReadonlyArray<AST.Literal>, nameOf: NameOf, isWhole: boolean) => {
  if (literals.length === 0) return []
  const all = literals.map((one) => literal(one.literal))
  const name = literals.length < 2 ? undefined : nameOf(AST.Union.make(literals), all.join(" | "))
  if (name !== undefined) return [name]
  return isWhole || all.length < tooManyChoices
    ? all
    : [...all.slice(0, shownChoices), `/* ${all.length - shownChoices} more */ string`]
}

// A declaration that tells nothing of itself only reads in another way what stands beside it.
const nothing = "never"

const declaration = ({ annotations, typeParameters }: AST.Declaration, nameOf: NameOf) => {
  const identifier = annotations[AST.IdentifierAnnotationId]
  if (typeof identifier === "string") return identifier
  const { _tag = "" } = annotations[AST.TypeConstructorAnnotationId] as { readonly _tag?: string } | undefined ?? {}
  const name = _tag.replace(/^effect\//, "")
  const parameters = typeParameters.map((type) => print(type, nameOf)).join(", ")
  return name === "" ? nothing : `${name}.${name}<${parameters}>`
}

const union = (ast: AST.Union, nameOf: NameOf, isWhole: boolean) => {
  const found = alternatives(ast).map((type) => [look(type), type] as const)
  const types = found.filter(([look], at) => look !== nothing && found.findIndex(([other]) => other === look) === at)
    .map(([, type]) => type)
  const isChoice = (type: AST.AST): type is AST.Literal => AST.isLiteral(type) && !isNull(type)
  const literals = types.filter(isChoice)
  const others = types.filter((type) => !isChoice(type)).map((type) =>
    AST.isStringKeyword(type) && literals.length > 0 ? "(string & {})" : print(type, nameOf)
  )
  return [...choicesOf(literals, nameOf, isWhole), ...others].join(" | ")
}

const tuple = ({ elements, rest }: AST.TupleType, nameOf: NameOf) => {
  const [item] = rest
  if (elements.length === 0 && item !== undefined) return `ReadonlyArray<${print(item.type, nameOf)}>`
  const parts = [
    ...elements.map(({ isOptional, type }) => print(type, nameOf) + (isOptional ? "?" : "")),
    ...rest.map(({ type }) => `...Array<${print(type, nameOf)}>`)
  ]
  return `readonly [${parts.join(", ")}]`
}

const keywords: { readonly [tag: string]: string } = {
  StringKeyword: "string",
  TemplateLiteral: "string",
  NumberKeyword: "number",
  BooleanKeyword: "boolean",
  UnknownKeyword: "unknown",
  UndefinedKeyword: "undefined",
  VoidKeyword: "void"
}

const spelt = (ast: AST.AST, nameOf: NameOf, isWhole = false): string => {
  const members = membersOf(ast, nameOf)
  if (members !== undefined) return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`
  if (AST.isUnion(ast)) return union(ast, nameOf, isWhole)
  if (AST.isTupleType(ast)) return tuple(ast, nameOf)
  if (AST.isLiteral(ast)) return literal(ast.literal)
  if (AST.isDeclaration(ast)) return declaration(ast, nameOf)
  if (AST.isRefinement(ast)) return print(ast.from, nameOf)
  if (AST.isTransformation(ast)) return print(ast.to, nameOf)
  const keyword = keywords[ast._tag]
  if (keyword === undefined) throw new Error(`No words for a schema of kind ${ast._tag}`)
  return keyword
}

const looks = new WeakMap<AST.AST, string>()

/** How a type looks where nothing has a name. */
export const look = (ast: AST.AST): string => {
  const known = looks.get(ast)
  if (known !== undefined) return known
  const fresh = spelt(ast, nameless, true)
  looks.set(ast, fresh)
  return fresh
}

export const print = (ast: AST.AST, nameOf: NameOf): string => nameOf(ast, look(ast)) ?? spelt(ast, nameOf)

/** How a type is declared under a name. */
export const declared = (name: string, ast: AST.AST, nameOf: NameOf): string => {
  const own = look(ast)
  const others: NameOf = (other, its) => its === own ? undefined : nameOf(other, its)
  const members = membersOf(ast, others)
  return members !== undefined && members.length > 0
    ? [`interface ${name} {`, ...members, "}"].join("\n")
    : `type ${name} = ${spelt(ast, others, true)}`
}
