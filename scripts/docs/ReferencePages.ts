// The reference of the package: what each subpath exports, as its docstrings say.
import { code, page, table } from "./Markdown.js"
import * as Modules from "./Modules.js"

const isRoot = ({ specifier }: { readonly specifier: string }) => !specifier.includes("/")
const fileOf = (specifier: string) => `${specifier.split("/").slice(1).join("-")}.md`
const linked = (specifier: string) =>
  isRoot({ specifier }) ? code(specifier) : `[${code(specifier)}](${fileOf(specifier)})`

// What a docstring refers to by {@link} is a name like any other.
const prose = (text: string) => text.replace(/\{@link ([^}]+)\}/g, "`$1`").replace(/\n(?!\n|```| {2}|- )/g, " ")
const inline = (text: string) =>
  prose(text.replace(/\n+- /g, " • ").replace(/\n*```[^]*?```\n*/g, " ")).replace(/\s+/g, " ").trim()
const lead = (text: string) => /^.*?[.:](?=\s|$)/s.exec(prose(text))?.[0].replace(/:$/, ".") ?? prose(text)

const moduleSection = ({ exports, file, name, text }: Modules.Module) =>
  [
    `## ${name}`,
    inline(text),
    ...(exports.length === 0 ? [] : [table(
      ["export", "kind", ""],
      exports.map((one) => [code(one.name), one.kind, inline(one.text)])
    )]),
    `[Source](../../${file})`
  ].join("\n\n")

const entryPage = ({ entries, modules, specifier, text }: Modules.Entry) =>
  page(
    `# ${code(specifier)}`,
    inline(text),
    `\`import { ${modules[0]?.name} } from "${specifier}"\` gives a module, of which \`${modules[0]?.name}.${
      modules[0]?.exports[0]?.name
    }\` is an export. [All subpaths](README.md)`,
    ...entries.map(({ name, specifier }) => `${code(name)} is ${linked(specifier)}.`),
    ...modules.map(moduleSection)
  )

const contents = ({ entries, modules }: Modules.Entry) =>
  [...modules, ...entries].map(({ name }) => code(name)).join(", ")

const index = page(
  "# Reference",
  "What the package exports. Each subpath is a set of modules that can be imported without the others; the pages are made " +
    "of the docstrings. How they are put together is told in [embedding](../embedding.md).",
  table(
    ["import", "", "modules"],
    Modules.entries.map((entry) => [linked(entry.specifier), lead(entry.text), contents(entry)])
  ),
  "The operations of Habu's API, which are the methods of `HabuClient`, have [a page of their own](../operations.md)."
)

export const pages: ReadonlyArray<readonly [path: string, text: string]> = [
  ["api/README.md", index],
  ...Modules.entries.filter((entry) => !isRoot(entry)).map((entry) =>
    [`api/${fileOf(entry.specifier)}`, entryPage(entry)] as const
  )
]
