import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as Tools from "../../src/mcp/Tools.js"
import * as ErrorCatalogue from "../../src/workflows/ErrorCatalogue.js"

const root = new URL("../../", import.meta.url)

const read = (path: string) => fs.readFileSync(new URL(path, root), "utf8")

const pages = [
  "README.md",
  ...fs.readdirSync(new URL("docs/", root), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`)
]

// As GitHub makes them of headings.
const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  )

const isDead = (page: string) => (link: string) => {
  const target = new URL(link, new URL(page, root))
  if (target.protocol !== "file:") return false
  const anchor = decodeURIComponent(target.hash.slice(1))
  target.hash = ""
  return !fs.existsSync(target) || (anchor !== "" && !anchors(fs.readFileSync(target, "utf8")).includes(anchor))
}

const links = (text: string) => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link)

describe("the documentation", () => {
  it.each(pages)("%s links to what is there", (page) => {
    assert.deepStrictEqual(links(read(page)).filter(isDead(page)), [])
  })

  it("lists every tool in the README", () => {
    const listed = [...read("README.md").matchAll(/^\| \[`(\w+)`\]/gm)].map(([, name]) => name)
    assert.deepStrictEqual(listed.sort(), Tools.all.map(({ name }) => name).sort())
  })

  it("tells of every setting", () => {
    const told = read("docs/configuration.md")
    const sources = fs.readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.startsWith("sandbox"))
    const named = sources.flatMap((path) => read(`src/${path}`).match(/(?<=["`])HABU_[A-Z_]+(?=["`])/g) ?? [])
    assert.include(named, "HABU_API_SECRET")
    const isCode = (name: string) => ErrorCatalogue.all.some(({ code }) => code === name)
    assert.deepStrictEqual([...new Set(named)].filter((name) => !told.includes(name) && !isCode(name)), [])
  })
})
