import { describe, expect, it } from "@effect/vitest"
import * as Prompts from "../../src/mcp/Prompts.js"
import * as ResourceList from "../../src/mcp/ResourceList.js"
import * as Tools from "../../src/mcp/Tools.js"

const names = Tools.all.map(({ name }) => name)
const mentioned = (text: string) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(text))

describe("prompts", () => {
  it.each(Prompts.all.map((prompt) => [prompt.name, prompt] as const))(
    "%s speaks of the tools that it says it needs",
    (_, prompt) => {
      const given = Object.fromEntries(prompt.arguments.map(({ name }) => [name, "something"]))
      expect(names).toEqual(expect.arrayContaining([...prompt.tools]))
      // What is given spares some calls.
      expect(mentioned(`${prompt.text(given)} ${prompt.text({})}`).toSorted()).toEqual([...prompt.tools].toSorted())
      expect(Prompts.problemWith(prompt, given)).toBeUndefined()
      expect(Prompts.problemWith(prompt, { ...given, kitchen: "x" })).toContain("takes no argument of that name")
    }
  )

  it("let a model go by what was typed, where a host cut that into arguments", () => {
    for (const { arguments: [first], text } of Prompts.all) {
      expect(text({ [first?.name ?? ""]: "Summer" })).toContain("go by all that I typed")
      expect(text({})).not.toContain("go by all that I typed")
    }
  })

  it("are offered where their tools are", () => {
    expect(Prompts.offered(Tools.all)).toEqual(Prompts.all)
    expect(Prompts.offered([{ name: "onboard_partner" }]).map(({ name }) => name)).toEqual(["onboard_partner"])
  })

  it("need what is required", () => {
    const [prompt] = Prompts.offered([{ name: "onboard_partner" }])
    if (prompt === undefined) throw new Error("it is not offered")
    expect(Prompts.problemWith(prompt, { clean_room: " ", partner_email: "a@b.example" })).toContain("needs clean_room")
  })
})

describe("addresses of resources", () => {
  it.each([
    ["habu://cleanrooms", "cleanrooms", {}],
    ["habu://cleanrooms/Summer%20%26%20Sun%2F25", "cleanroom", { clean_room: "Summer & Sun/25" }],
    ["habu://cleanrooms/1+1/questions", "cleanroom_questions", { clean_room: "1+1" }],
    ["habu://questions/CRQ-1/runs/r/results.csv", "results_csv", { question: "CRQ-1", run: "r" }],
    ["habu://docs/sandbox", "doc", { page: "sandbox" }],
    ["habu://cleanrooms/%E0%A4%A", "cleanroom", { clean_room: expect.any(String) }]
  ])("%s is %s", (uri, name, values) => {
    expect(ResourceList.match(uri)).toMatchObject({ name, values })
  })

  it.each([
    "habu://kitchen",
    "habu://cleanrooms/",
    "habu://cleanrooms/%20",
    "habu://docs/a/b",
    "http://cleanrooms",
    ""
  ])(
    "%j is none",
    (uri) => {
      expect(ResourceList.match(uri)).toBeUndefined()
    }
  )
})
