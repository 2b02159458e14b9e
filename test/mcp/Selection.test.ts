import { describe, expect, it } from "@effect/vitest"
import * as Selection from "../../src/mcp/Selection.js"
import type { Surface } from "../../src/mcp/Surface.js"

const tool = (name: string, readOnlyHint: boolean): Surface["tools"][number] => ({
  name,
  title: name,
  description: name,
  inputSchema: {},
  outputSchema: {},
  annotations: { readOnlyHint, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  _meta: { "anthropic/searchHint": "" }
})

const surface: Surface = {
  instructions: [
    { text: "always" },
    { text: "of runs", about: ["run_question"] },
    { text: "of rooms", about: ["make_room", "watch_room"] }
  ],
  toolsets: {
    look_around: "core",
    make_room: "rooms",
    watch_room: "rooms",
    run_question: "questions",
    call_anything: "api",
    save_rows: "questions"
  },
  writesOnlyFiles: ["save_rows"],
  tools: [
    tool("look_around", true),
    tool("make_room", false),
    tool("watch_room", true),
    tool("run_question", false),
    tool("call_anything", false),
    tool("save_rows", false)
  ]
}

const chosen = (choice: Selection.Choice) => Selection.select(surface, choice).tools.map(({ name }) => name)

describe("which tools are offered", () => {
  it.each<[string, Selection.Choice, ReadonlyArray<string>]>([
    ["all but api where nothing is said", {}, ["look_around", "make_room", "watch_room", "run_question", "save_rows"]],
    ["a toolset, and core with it", { toolsets: ["rooms"] }, ["look_around", "make_room", "watch_room"]],
    ["api only when named", { toolsets: ["api"] }, ["look_around", "call_anything"]],
    ["everything with all", { toolsets: ["all"] }, Object.keys(surface.toolsets)],
    ["nothing that writes to Habu", { readOnly: true, toolsets: ["all"] }, ["look_around", "watch_room", "save_rows"]],
    ["those named alone", { tools: ["call_anything"] }, ["call_anything"]],
    ["all but some", { exclude: ["make_room", "look_around"] }, ["watch_room", "run_question", "save_rows"]],
    ["a named one that writes stays out without writes", { tools: ["make_room"], readOnly: true }, []]
  ])("%s", (_what, choice, expected) => expect(chosen(choice)).toEqual(expected))

  it("says of a tool that writes only files that it only looks, where it may write none", () => {
    const hint = (choice: Selection.Choice) =>
      Selection.select(surface, choice).tools.find(({ name }) => name === "save_rows")?.annotations.readOnlyHint
    expect([hint({}), hint({ readOnly: true })]).toEqual([false, true])
  })

  it("tells only what concerns them", () => {
    const told = (choice: Selection.Choice) => Selection.select(surface, choice).instructions.map(({ text }) => text)
    expect(told({})).toEqual(["always", "of runs", "of rooms"])
    expect(told({ readOnly: true })).toEqual(["always", "of rooms"])
    expect(told({ tools: ["look_around"] })).toEqual(["always"])
  })

  it("refuses names that there are not, with those that there are", () => {
    expect(Selection.problemWith(surface, { toolsets: ["rooms", "all"], tools: ["make_room"] })).toBeUndefined()
    expect(Selection.problemWith(surface, { toolsets: ["room"] })).toMatch(/--toolsets names "room"; possible: rooms, /)
    expect(Selection.problemWith(surface, { tools: ["x"] })).toMatch(/--tools names "x"; possible: look_around, /)
    expect(Selection.problemWith(surface, { exclude: ["x"] })).toMatch(/--exclude-tools names "x"/)
  })
})
