import { describe, expect, it } from "@effect/vitest"
import * as AgreementForm from "../../src/mcp/AgreementForm.js"

const invitation = (i: number) =>
  `invite person-${i}@fizzwell.example to Summer (CR-1): ${"Habu sends a mail. ".repeat(20)}`
const formOf = (changes: ReadonlyArray<string>, typed?: string) =>
  AgreementForm.make({ message: "onboard_partner is about to change this at Habu:", changes, typed })
const invitations = (count: number) => Array.from({ length: count }, (_, i) => invitation(i))

describe("the form that asks for agreement", () => {
  it("shows a change whole, in the message and beside the field", () => {
    const { field, message } = formOf([invitation(1)])
    expect(field).toEqual({
      name: "agree",
      type: "boolean",
      title: "Agree to these changes",
      description: `- ${invitation(1)}`
    })
    expect(message).toBe(`onboard_partner is about to change this at Habu:\n- ${invitation(1)}`)
    expect(formOf(["delete Summer"], "Summer").field).toMatchObject({ name: "name", title: "Type Summer to agree" })
  })

  it.each([5, 20, 31, 32, 200])("shows something of each of %i changes, or how many it has no room for", (count) => {
    const { field: { description }, message } = formOf(invitations(count))
    expect(description.length).toBeLessThanOrEqual(2_000)
    const shown = description.split("\n").filter((line) =>
      /^- invite person-\d+@fizzwell\.example to Summer/.test(line)
    )
    const left = Number(/^… and (\d+) more/m.exec(description)?.[1] ?? 0)
    expect(shown.length + left).toBe(count)
    expect(left > 0).toBe(count > 31)
    for (const change of invitations(count)) expect(message).toContain(`\n- ${change}`)
  })
})
