// What the reference shows of each export in code: a schema as the type that it decodes to, a group as its operations,
// everything else as the compiler declares it.
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import * as Operations from "../../src/habu/Operations.js"
import * as Declarations from "./Declarations.js"
import * as Modules from "./Modules.js"
import * as SchemaTypes from "./SchemaTypes.js"
import * as TypeText from "./TypeText.js"

const modules = Modules.entries.flatMap(({ modules }) => modules)

type Values = { readonly [name: string]: unknown }

const valuesOf = async (module: Modules.Module): Promise<Values> => {
  // It registers tests where it is loaded, and has no schemas.
  if (module.name === "StateConformance") return {}
  const values: Values = await import(new URL(`../../${module.file}`, import.meta.url).href)
  const unseen = Object.keys(values).find((name) => !module.exports.some((one) => one.name === name))
  if (unseen !== undefined) throw new Error(`${module.file} exports ${unseen}, and Modules.ts does not see it`)
  return values
}

const values = new Map<Modules.Module, Values>()
for (const module of modules) values.set(module, await valuesOf(module))

/** Whether an export is a schema, with its type under the same name. */
export const isSchema = ({ kind }: Modules.Export): boolean => kind === "const, type" || kind === "const, interface"

interface Name {
  readonly module: Modules.Module
  readonly name: string
  readonly ast: AST.AST
}

const names: ReadonlyArray<Name> = modules.flatMap((module) =>
  module.exports.filter(isSchema).flatMap((one) => {
    const value = values.get(module)?.[one.name]
    return Schema.isSchema(value) ? [{ module, name: one.name, ast: value.ast }] : []
  })
)

const alike = new Map<string, ReadonlyArray<Name>>()
for (const one of names) {
  const look = SchemaTypes.look(one.ast)
  alike.set(look, [...alike.get(look) ?? [], one])
}

// Two that look alike by chance are short.
const isTelling = (look: string) => (look.match(/[:|]/g) ?? []).length > 2

const nameIn = (module: Modules.Module): SchemaTypes.NameOf => (ast, look) => {
  if (!/[{|]/.test(look)) return undefined
  const [like, ...more] = alike.get(look) ?? []
  const found = names.find((one) => one.ast === ast) ?? (more.length === 0 && isTelling(look) ? like : undefined)
  if (found === undefined) return undefined
  return found.module === module ? found.name : `${found.module.name}.${found.name}`
}

const methodOf = (info: Operations.Info, nameOf: SchemaTypes.NameOf) => {
  const { body, path, query } = info.request
  const parts = Object.entries({ path, urlParams: query, payload: body }).flatMap(([name, schema]) =>
    schema === undefined ? [] : [`${name}: ${SchemaTypes.print(schema.ast, nameOf)}`]
  )
  const request = parts.length === 0 ? "" : `request: { ${parts.join("; ").replaceAll("readonly ", "")} }`
  const answer = info.answer === undefined ? "void" : SchemaTypes.print(info.answer.ast, nameOf)
  return [
    `/** ${info.summary.replace(/\.$/, "")}. */`,
    `${info.id}: (${request}) => Effect.Effect<${answer}, HabuError.HabuError>`
  ]
}

const methodsOf = (module: Modules.Module, nameOf: SchemaTypes.NameOf) => {
  const operations = [...Operations.all.values()].filter(({ group }) => group === module.name)
  return ["interface Methods {", ...operations.flatMap((info) => methodOf(info, nameOf)), "}"].join("\n")
}

// The declaration of an error spells out the schema that it is made from.
const errorOf = (code: string, { fields }: { readonly fields: Schema.Struct.Fields }, nameOf: SchemaTypes.NameOf) => {
  const comments = new Map([...code.matchAll(/(\/\*\*[^]*?\*\/)\s*(\w+):/g)].map(([, text, name]) => [name, text]))
  const members = (SchemaTypes.membersOf(Schema.Struct(fields).ast, nameOf) ?? []).flatMap((member) => {
    const comment = comments.get(/\w+(?=\??:)/.exec(member)?.[0])
    return comment === undefined ? [member] : [comment, member]
  })
  const [, getters = ""] = /> \{\n([^]*)\}$/.exec(code) ?? []
  const [name = ""] = /^class \w+/.exec(code) ?? []
  return [`${name} extends Schema.TaggedError {`, ...members, getters.replace(/: ".*/g, ": string"), "}"].join("\n")
}

const isError = (value: unknown): value is { readonly fields: Schema.Struct.Fields } =>
  typeof value === "function" && value.prototype instanceof Error && "fields" in value

// The compiler spells out what a workflow takes and answers. That this is as its schemas say is held by the type check.
const workflowOf = ({ file, name }: Modules.Export) => {
  const code = Declarations.of(file, name)
  const effect = "=> Effect.Effect"
  const [[answer = "", ...others]] = TypeText.argumentsAt(code, code.indexOf(effect) + effect.length)
  const output = answer.includes("{") ? "Output" : Declarations.of(file, answer).replace(/^type \w+ = |;$/g, "")
  return `const run: (input: Input) ${effect}<${[output, ...others].join(", ")}>`
}

const isWorkflow = (module: Modules.Module, one: Modules.Export) =>
  one.name === "run" && ["Input", "Output"].every((name) => module.exports.some((other) => other.name === name))

const longest = 48

const codeOf = (module: Modules.Module, one: Modules.Export): string => {
  const nameOf = nameIn(module)
  const value = values.get(module)?.[one.name]
  const schema = Schema.isSchema(value) ? value : undefined
  if (one.tags["category"] === "groups") return methodsOf(module, nameOf)
  if (schema !== undefined && isSchema(one)) return SchemaTypes.declared(one.name, schema.ast, nameOf)
  if (schema !== undefined && one.kind === "const") {
    return `const ${one.name}: Schema.Schema<${SchemaTypes.print(schema.ast, nameOf)}>`
  }
  const code = Declarations.of(one.file, one.name)
  if (isError(value)) return errorOf(code, value, nameOf)
  return TypeText.sparingly(isWorkflow(module, one) ? workflowOf(one) : code)
}

const all = modules.flatMap((module) => module.exports.map((one) => ({ one, code: codeOf(module, one) })))

const laidOut = Declarations.laidOut(all.map(({ code }) => code))

const signatures = new Map(all.map(({ one }, index) => {
  const code = (laidOut[index] ?? "").replace(/\{\n\}$/, "{}")
  return [one, one.tags["category"] === "groups" ? code : TypeText.folded(code, longest)]
}))

/** The signature of an export. */
export const of = (one: Modules.Export): string => signatures.get(one) ?? ""
