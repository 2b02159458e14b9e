// The reference of the package: what each subpath exports, as its docstrings say.
import { code, page, table, typescript } from "./Markdown.js"
import * as Modules from "./Modules.js"
import * as Signatures from "./Signatures.js"

const isRoot = ({ specifier }: { readonly specifier: string }) => !specifier.includes("/")
const fileOf = (specifier: string) => `${specifier.split("/").slice(1).join("-")}.md`
const linked = (specifier: string) =>
  isRoot({ specifier }) ? code(specifier) : `[${code(specifier)}](${fileOf(specifier)})`

// What a docstring refers to by {@link} is a name like any other.
const prose = (text: string) =>
  text.replace(/\{@link ([^}]+)\}/g, "`$1`").split(/(```[^]*?```)/)
    .map((part) => part.startsWith("```") ? part : part.replace(/(?<!\n)\n(?!\n| {2}|- |$)/g, " "))
    .join("")
const lead = (text: string) => /^.*?[.:](?=\s|$)/s.exec(prose(text))?.[0].replace(/:$/, ".") ?? prose(text)

const since = (version: string | undefined) => `since ${version}`

const exportSection = (module: Modules.Module) => (one: Modules.Export) =>
  [
    `#### ${one.name}${Signatures.isSchema(one) ? " (schema)" : ""}`,
    prose(one.text),
    ...(one.tags["since"] === module.tags["since"] ? [] : [since(one.tags["since"])]),
    typescript(Signatures.of(one))
  ].join("\n\n")

const categorySection = (module: Modules.Module) => (category: string | undefined) =>
  [
    `### ${category}`,
    ...module.exports.filter(({ tags }) => tags["category"] === category).map(exportSection(module))
  ].join("\n\n")

const moduleSection = (module: Modules.Module) =>
  [
    `## ${module.name}`,
    prose(module.text),
    `[Source](../../${module.file}), ${since(module.tags["since"])}`,
    ...[...new Set(module.exports.map(({ tags }) => tags["category"]))].map(categorySection(module))
  ].join("\n\n")

const entryPage = ({ entries, modules, specifier, text }: Modules.Entry) =>
  page(
    `# ${code(specifier)}`,
    prose(text),
    `\`import { ${modules[0]?.name} } from "${specifier}"\` gives a module, of which \`${modules[0]?.name}.${
      modules[0]?.exports[0]?.name
    }\` is an export. [How to read this, and all subpaths](README.md)`,
    ...entries.map(({ name, specifier }) => `${code(name)} is ${linked(specifier)}.`),
    modules.map(({ name, text }) => `- [${name}](#${name.toLowerCase()}): ${lead(text)}`).join("\n"),
    ...modules.map(moduleSection)
  )

const contents = ({ entries, modules }: Modules.Entry) =>
  [...modules, ...entries].map(({ name }) => code(name)).join(", ")

const index = page(
  "# Reference",
  "What the package exports. Each subpath is a set of modules that can be imported without the others. How they are put " +
    "together is told in [embedding](../embedding.md).",
  table(
    ["import", "", "modules"],
    Modules.entries.map((entry) => [linked(entry.specifier), lead(entry.text), contents(entry)])
  ),
  "## How to read the pages",
  [
    "They are made of the docstrings and of the declarations that the compiler emits. Within a module its own names stand " +
    "bare, and those of others as an importer writes them: `HabuError.HabuError`, `Effect.Effect`.",
    "A *schema* is a value and a type of one name; shown is the type, which is what it decodes to. What Habu may leave " +
    "out is optional, and lists and objects are read-only.",
    "A *group* of operations is shown as the methods that it gives to `HabuClient.Service`. `HabuError.HabuError` is all " +
    "that they fail with.",
    "`…` and `/* 41 more */` stand for what would be too long to read; an editor shows the rest."
  ].map((line) => `- ${line}`).join("\n"),
  "The operations of Habu's API, which are the methods of `HabuClient`, have [a page of their own](../operations.md)."
)

export const pages: ReadonlyArray<readonly [path: string, text: string]> = [
  ["api/README.md", index],
  ...Modules.entries.filter((entry) => !isRoot(entry)).map((entry) =>
    [`api/${fileOf(entry.specifier)}`, entryPage(entry)] as const
  )
]
