import { describe, expect, it } from "@effect/vitest"
import * as Text from "../../src/habu/Text.js"

const family = "👨‍👩‍👧"

describe("Text.clean", () => {
  it.each([
    ["a plain name", "Campaign Overlap", "Campaign Overlap"],
    ["blanks around", "  Overlap ", "Overlap"],
    ["line breaks and tabs", "a\r\nb\tc\u2028d\u0085e", "a b c d e"],
    ["control characters", "a\u0000b\u0007c\u007Fd\u009Be", "abcde"],
    ["terminal escapes", "\u001B[31mred\u001B[0m", "[31mred[0m"],
    ["bidirectional overrides", "abc\u202Etxt.exe\u202C \u2066x\u2069\u200F\u061C", "abctxt.exe x"],
    ["zero-width characters", "in\u200Bvis\u200Cible\uFEFF\u2060", "invisible"],
    ["a zero-width joiner that joins nothing", "a\u200Db", "ab"],
    ["tags that spell hidden words", "Hi\u{E0049}\u{E0067}\u{E006E}", "Hi"],
    ["variation selectors that spell hidden words", "Hi\uFE01\u{E0101}\u{E0155}", "Hi"],
    ["fillers", "a\u3164b\uFFA0c\u115Fd\u034Fe", "abcde"],
    ["interlinear marks", "a\uFFF9b\uFFFAc\uFFFBd", "abcd"],
    ["half of a surrogate pair", "a\uD83Db\uDE00c", "abc"],
    ["nothing but what does not show", "\u200B\u200B\n\u202E", ""],
    ["accents and scripts", "Zürich 東京 مرحبا e\u0301", "Zürich 東京 مرحبا e\u0301"],
    ["a joined emoji", `x ${family} y`, `x ${family} y`],
    ["a rainbow flag", "🏳️‍🌈", "🏳️‍🌈"],
    ["a heart, a skin tone, a keycap, a flag", "❤️ 👍🏽 1️⃣ 🇩🇪", "❤️ 👍🏽 1️⃣ 🇩🇪"]
  ])("%s", (_, text, cleaned) => expect(Text.clean(text)).toBe(cleaned))

  it("shortens 10,000 characters to the limit and says so", () => {
    const cleaned = Text.clean("x".repeat(10_000))
    expect(cleaned).toBe(`${"x".repeat(199)}…`)
  })

  it("keeps what is exactly as long as the limit", () => {
    expect(Text.clean("x".repeat(200))).toBe("x".repeat(200))
    expect(Text.clean("😀".repeat(200))).toBe("😀".repeat(200))
  })

  it("counts what shows, not what is hidden before it", () => {
    expect(Text.clean(`${"\u200B".repeat(10_000)}seen`)).toBe("seen")
  })

  it("cuts between characters as a reader sees them", () => {
    expect(Text.clean("😀".repeat(300), 10)).toBe(`${"😀".repeat(9)}…`)
    // Five code points each, so that a third one would be cut in two.
    expect(Text.clean(family.repeat(5), 12)).toBe(`${family.repeat(2)}…`)
    expect(Text.clean("e\u0301".repeat(100), 10)).toBe(`${"e\u0301".repeat(4)}…`)
  })

  it("is never longer than the limit, however much is piled on one character", () => {
    expect([...Text.clean(`a${"\u0301".repeat(10_000)}`, 50)].length).toBeLessThanOrEqual(50)
  })

  it("leaves no blank before the ellipsis", () => {
    expect(Text.clean("abcd efgh", 6)).toBe("abcd…")
  })
})

describe("Text.folded", () => {
  it.each([
    ["case and blanks", "  Campaign   OVERLAP\t", "campaign overlap"],
    ["full-width letters", "ＡＢＣ", "abc"],
    ["composed and decomposed accents", "Zu\u0308rich", "zürich"],
    ["hidden characters", "Over\u200Blap", "overlap"],
    ["an emoji with or without its variation", "❤️", "❤"],
    ["no-break blanks", "a\u00A0b", "a b"]
  ])("%s", (_, name, folded) => expect(Text.folded(name)).toBe(folded))
})
